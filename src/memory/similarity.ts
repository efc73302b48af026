import { embedOne, Embedder, type EmbeddingProfile } from '#embedding';
import { Injectable } from '@nestjs/common';
import { SearchReader, type Found, type Wanted } from './read-model/search.reader.js';

/** What resembles a text that somebody waits for. */
@Injectable()
export class Similarity {
  constructor(
    private readonly embedder: Embedder,
    private readonly reader: SearchReader,
  ) {}

  get profile(): EmbeddingProfile {
    return this.embedder.profile;
  }

  /** What a text finds, and how long the model took over it, in ms. @throws DomainError `embedding.*` when no model answers */
  async search(
    namespace: string,
    wanted: Omit<Wanted, 'vector'>,
  ): Promise<Found & { readonly embeddingMs: number }> {
    const begin = performance.now();
    const { vector } = await embedOne(this.embedder, wanted.text, 'query');
    const embeddingMs = performance.now() - begin;

    return { ...(await this.reader.find(namespace, { ...wanted, vector })), embeddingMs };
  }
}
