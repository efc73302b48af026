import { type DomainError } from '#kernel';
import { Embedder, ModelUnavailable, type Embedding, type EmbedOptions } from './embedder.js';
import { MAX_TOKENS, profileOf } from './model-folder.js';
import { ModelPool } from './pool/model-pool.js';
import { type EmbeddingProfile } from './profile.js';
import { type Meter } from './spent.js';

/** Where a text is cut before it is tokenised: far behind the last token the model reads. */
const MAX_CHARS = 16_000;

/** A model on this machine, in child processes of its own. */
export class LocalEmbedder extends Embedder {
  readonly #pool: ModelPool;
  #profile: EmbeddingProfile | null = null;

  /** `folder`: config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx. */
  constructor(
    private readonly folder: string,
    private readonly processes: number,
    private readonly meter: Meter = () => undefined,
  ) {
    super();
    this.#pool = new ModelPool({ folder, maxTokens: MAX_TOKENS });
  }

  override get profile(): EmbeddingProfile {
    if (this.#profile === null) throw new Error('A model has no profile before it was started.');

    return this.#profile;
  }

  override get refusal(): DomainError | null {
    return this.#pool.refusal;
  }

  override async start(): Promise<void> {
    this.#profile = await profileOf(this.folder);
    try {
      await this.#pool.start(this.processes);
    } catch (error) {
      await this.close();
      throw new ModelUnavailable(
        `The embedding model in ${this.folder} could not be started: ${reason(error)}`,
      );
    }
  }

  override async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedding[]> {
    const beginnings = texts.map((text) => text.slice(0, MAX_CHARS));
    const embeddings = await this.#pool.embed(beginnings, options);
    this.meter({ modelKey: this.profile.key, texts: texts.length, tokens: 0, usd: 0 });

    return embeddings.map(({ vector, truncated }, at) => ({
      vector,
      truncated: truncated || beginnings[at] !== texts[at],
    }));
  }

  override close(): Promise<void> {
    return this.#pool.close();
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
