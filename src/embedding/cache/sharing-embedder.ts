import { EmbedderDecorator } from '../embedder-decorator.js';
import { type Embedder, type Embedding, type EmbedOptions } from '../embedder.js';
import { textKey } from '../text-key.js';
import { sharedKey, type SharedVectors } from './shared-vectors.js';

/** Before any embedder: takes what another process has asked for, and leaves what it asked for itself. */
export class SharingEmbedder extends EmbedderDecorator {
  constructor(
    inner: Embedder,
    private readonly shared: SharedVectors,
  ) {
    super(inner);
  }

  override async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedding[]> {
    const { key: modelKey, dimensions } = this.profile;
    const keys = texts.map((text) => sharedKey(modelKey, textKey(text)));
    const found = await this.shared.get(keys, dimensions);
    const missing = texts.filter((_, at) => !found.has(keys[at] ?? ''));
    const made = missing.length > 0 ? await this.inner.embed(missing, options) : [];
    const fresh = new Map(
      made.map((embedding, at) => [sharedKey(modelKey, textKey(missing[at] ?? '')), embedding]),
    );
    // Nobody waits for it.
    if (fresh.size > 0) void this.shared.put(fresh);

    return keys.flatMap((key) => found.get(key) ?? fresh.get(key) ?? []);
  }
}
