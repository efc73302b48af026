import { embedOne, Embedder, type EmbeddingProfile } from '#embedding';
import { Injectable } from '@nestjs/common';
import { SimilarReader, type Neighbourhood, type Similar } from './read-model/similar.reader.js';

/** What resembles a text that somebody waits for. */
@Injectable()
export class Similarity {
  constructor(
    private readonly embedder: Embedder,
    private readonly reader: SimilarReader,
  ) {}

  get profile(): EmbeddingProfile {
    return this.embedder.profile;
  }

  /** The nearest executions, best first. @throws DomainError `embedding.*` when no model answers */
  async nearest(namespace: string, text: string, where: Neighbourhood): Promise<Similar[]> {
    const { vector } = await embedOne(this.embedder, text, 'query');

    return this.reader.nearest(namespace, vector, where);
  }
}
