import { embedOne, Embedder, type EmbeddingProfile } from '#embedding';
import { Injectable } from '@nestjs/common';
import { SearchReader, type Found, type Wanted } from './read-model/search.reader.js';
import { SimilarReader, type Neighbourhood, type Similar } from './read-model/similar.reader.js';

/** What resembles a text that somebody waits for. */
@Injectable()
export class Similarity {
  constructor(
    private readonly embedder: Embedder,
    private readonly reader: SimilarReader,
    private readonly searches: SearchReader,
  ) {}

  get profile(): EmbeddingProfile {
    return this.embedder.profile;
  }

  /** The nearest executions, best first. @throws DomainError `embedding.*` when no model answers */
  async nearest(namespace: string, text: string, where: Neighbourhood): Promise<Similar[]> {
    const { vector } = await embedOne(this.embedder, text, 'query');

    return this.reader.nearest(namespace, vector, where);
  }

  /** What a text finds, and how long the model took over it, in ms. @throws as `nearest` */
  async search(
    namespace: string,
    wanted: Omit<Wanted, 'vector'>,
  ): Promise<Found & { readonly embeddingMs: number }> {
    const begin = performance.now();
    const { vector } = await embedOne(this.embedder, wanted.text, 'query');
    const embeddingMs = performance.now() - begin;

    return { ...(await this.searches.find(namespace, { ...wanted, vector })), embeddingMs };
  }
}
