import { unavailable, type DomainError } from '#kernel';
import { EmbedderDecorator } from './embedder-decorator.js';
import { type Embedder } from './embedder.js';

/** The embedder of the space that is asked now; which one that is may change while it is used. */
export class CurrentEmbedder extends EmbedderDecorator {
  private missing: DomainError | null = null;

  /** Also: why the one that others ask by now cannot be asked here. */
  override get refusal(): DomainError | null {
    return this.missing ?? super.refusal;
  }

  /** The one that is asked by all others cannot be opened here; this goes on with the one before. */
  lacks(reason: string): void {
    this.missing = unavailable('embedding.model_missing', reason);
  }

  /** Asks another one from now on. */
  use(next: Embedder): void {
    this.inner = next;
    this.missing = null;
  }

  /** The one behind it, which stays the same. */
  get now(): Embedder {
    return this.inner;
  }
}
