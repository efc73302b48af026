import { EmbedderDecorator } from './embedder-decorator.js';
import { type Embedder } from './embedder.js';

/** The embedder of the space that is asked now; which one that is may change while it is used. */
export class CurrentEmbedder extends EmbedderDecorator {
  /** Asks another one from now on. */
  use(next: Embedder): void {
    this.inner = next;
  }

  /** The one behind it, which stays the same. */
  get now(): Embedder {
    return this.inner;
  }
}
