import { type Settings } from '#config';
import { RememberingEmbedder } from './cache/remembering-embedder.js';
import { type SharedVectors } from './cache/shared-vectors.js';
import { SharingEmbedder } from './cache/sharing-embedder.js';
import { ModelUnavailable, type Embedder } from './embedder.js';
import { LocalEmbedder } from './local-embedder.js';
import { OpenAiEmbedder } from './openai-embedder.js';
import { type NamedModel } from './profile.js';
import { type Meter } from './spent.js';

/** The models that this process has open. What they need besides their names the settings say. */
export class Models {
  /** By the key of the space. */
  private readonly open = new Map<string, Embedder>();
  /** The same by name: none is loaded twice. */
  private readonly called = new Map<string, Embedder>();

  constructor(
    private readonly settings: Settings['embedding'],
    private readonly shared: SharedVectors | null,
    private readonly meter: Meter,
  ) {}

  /** The one that the settings name. */
  get named(): NamedModel {
    const { provider, model } = this.settings;

    return { provider, model };
  }

  /**
   * An embedder that has started; the same one for the same space.
   * @throws ModelUnavailable
   */
  async start(named: NamedModel): Promise<Embedder> {
    const name = `${named.provider} ${named.model}`;
    const loaded = this.called.get(name);
    if (loaded) return loaded;
    const embedder = this.before(this.chosen(named));
    await embedder.start();
    const { key } = embedder.profile;
    const known = this.open.get(key);
    if (known) {
      await embedder.close();
      return known;
    }
    this.open.set(key, embedder);
    this.called.set(name, embedder);

    return embedder;
  }

  /** Closes the one of a space, when it is open. */
  async close(modelKey: string): Promise<void> {
    const embedder = this.open.get(modelKey);
    this.open.delete(modelKey);
    for (const [name, one] of this.called) if (one === embedder) this.called.delete(name);
    await embedder?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((key) => this.close(key)));
  }

  private chosen({ provider, model }: NamedModel): Embedder {
    const { workers, openAiApiKey, openAiBaseUrl } = this.settings;
    if (provider === 'local') return new LocalEmbedder(model, workers, this.meter);
    if (openAiApiKey === null) {
      throw new ModelUnavailable(
        `The embedding model "${model}" is behind OpenAI's API: set OPENAI_API_KEY.`,
      );
    }

    return new OpenAiEmbedder({ model, openAiApiKey, openAiBaseUrl }, undefined, this.meter);
  }

  /** What remembers and shares stands before what makes. */
  private before(embedder: Embedder): Embedder {
    return new RememberingEmbedder(
      this.shared ? new SharingEmbedder(embedder, this.shared) : embedder,
    );
  }
}
