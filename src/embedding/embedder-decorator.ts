import { type DomainError } from '#kernel';
import { Embedder, type Embedding, type EmbedOptions } from './embedder.js';
import { type EmbeddingProfile } from './profile.js';

/** An embedder before another one: what it does not do otherwise, that one does. */
export abstract class EmbedderDecorator extends Embedder {
  constructor(protected inner: Embedder) {
    super();
  }

  override get profile(): EmbeddingProfile {
    return this.inner.profile;
  }

  override get refusal(): DomainError | null {
    return this.inner.refusal;
  }

  override start(): Promise<void> {
    return this.inner.start();
  }

  override embed(texts: readonly string[], options: EmbedOptions): Promise<Embedding[]> {
    return this.inner.embed(texts, options);
  }

  override close(): Promise<void> {
    return this.inner.close();
  }
}
