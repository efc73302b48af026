import { embedOne } from '#embedding';
import { Injectable } from '@nestjs/common';
import { SearchReader, type Found, type Wanted } from './read-model/search.reader.js';
import { Spaces, type OpenSpace } from './read-model/spaces.js';

/** What resembles a text that somebody waits for. Who asks takes `space` once, for all that belongs together. */
@Injectable()
export class Similarity {
  constructor(
    private readonly spaces: Spaces,
    private readonly reader: SearchReader,
  ) {}

  /** The one that is searched now; another a moment later when the model changes. */
  get space(): OpenSpace {
    return this.spaces.current;
  }

  /**
   * What a text finds, and how long the model took over it, in ms.
   * @throws DomainError `embedding.*` when no model answers, and the reason of `signal`
   */
  async search(
    { embedder, vectors }: OpenSpace,
    namespace: string,
    wanted: Omit<Wanted, 'vector'>,
    signal?: AbortSignal,
  ): Promise<Found & { readonly embeddingMs: number }> {
    const begin = performance.now();
    const { vector } = await embedOne(embedder, wanted.text, 'query', signal);
    const embeddingMs = performance.now() - begin;
    const found = await this.reader.find(namespace, vectors, { ...wanted, vector });

    return { ...found, embeddingMs };
  }
}
