import { type DomainError } from '#kernel';
import { Embedder, type Embedding, type EmbedOptions } from './embedder.js';
import { type EmbeddingProfile } from './profile.js';

/** The embedder of the space that is asked now; which one that is may change while it is used. */
export class CurrentEmbedder extends Embedder {
  constructor(private inner: Embedder) {
    super();
  }

  /** Asks another one from now on. */
  use(next: Embedder): void {
    this.inner = next;
  }

  /** The one behind it, which stays the same. */
  get now(): Embedder {
    return this.inner;
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
