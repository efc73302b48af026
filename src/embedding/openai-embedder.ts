import { type EmbeddingSettings } from '#config';
import { sha256, unavailable } from '#kernel';
import OpenAI from 'openai';
import { z } from 'zod';
import { Embedder, ModelUnavailable, type Embedding, type EmbedOptions } from './embedder.js';
import { batches, beginning, type Beginning } from './openai-batches.js';
import { refusal } from './openai-refusal.js';
import { RANKING, type EmbeddingProfile } from './profile.js';
import { priceOf, type Meter } from './spent.js';
import { unit } from './vector.js';

/** Models that take the wanted dimensions with the request; others are asked for theirs. */
const KNOWN_DIMENSIONS = new Map([
  ['text-embedding-3-small', 1536],
  ['text-embedding-3-large', 3072],
]);

/** A longer one would not fit into the name of a table, with what stands around it. */
const SLUG_MAX = 40;

/** What we read of an answer; the numbers are looked at when their length is made 1. */
const shape = z.object({
  data: z.array(
    z.object({ index: z.int(), embedding: z.custom<readonly number[]>(Array.isArray) }),
  ),
  usage: z.object({ total_tokens: z.int().min(0).catch(0) }).catch({ total_tokens: 0 }),
});

/** How long one attempt may take, in milliseconds, and how often a failed one is repeated. */
interface Patience {
  readonly timeout: number;
  readonly maxRetries: number;
}

const PATIENCE: Record<EmbedOptions['priority'], Patience> = {
  query: { timeout: 10_000, maxRetries: 1 },
  ingest: { timeout: 60_000, maxRetries: 5 },
};

/** A model behind OpenAI's embeddings API, at OpenAI or on any server that speaks it. */
export class OpenAiEmbedder extends Embedder {
  /** Only a call can tell, and that is the caller's to make. */
  override readonly refusal = null;
  readonly #client: OpenAI;
  readonly #model: string;
  readonly #dimensions: number | undefined;
  #profile: EmbeddingProfile | null = null;

  constructor(
    {
      model,
      openAiApiKey,
      openAiBaseUrl,
    }: Pick<EmbeddingSettings, 'model' | 'openAiApiKey' | 'openAiBaseUrl'>,
    private readonly patience = PATIENCE,
    private readonly meter: Meter = () => undefined,
  ) {
    super();
    this.#client = new OpenAI({
      apiKey: openAiApiKey ?? '',
      baseURL: openAiBaseUrl ?? 'https://api.openai.com/v1',
      logLevel: 'off',
      fetch: fetchWhole,
    });
    this.#model = model;
    this.#dimensions = KNOWN_DIMENSIONS.get(model);
    if (this.#dimensions !== undefined) this.#profile = profileOf(model, this.#dimensions);
  }

  override get profile(): EmbeddingProfile {
    if (this.#profile === null) throw new Error('A model has no profile before it was started.');

    return this.#profile;
  }

  /** Asks the server for nothing but what is not known: one that is away now may come back. */
  override async start(): Promise<void> {
    if (this.#profile !== null) return;
    try {
      const [probe] = await this.#ask([beginning('dimensions')], { priority: 'query' });
      this.#profile = profileOf(this.#model, probe?.vector.length ?? 0);
    } catch (error) {
      throw new ModelUnavailable(
        `The dimensions of the embedding model "${this.#model}" are not known, and could not be ` +
          `asked for. ${error instanceof Error ? error.message : ''}`,
      );
    }
  }

  override async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedding[]> {
    options.signal?.throwIfAborted();
    const embeddings: Embedding[] = [];
    for (const batch of batches(texts.map(beginning))) {
      embeddings.push(...(await this.#ask(batch, options)));
    }
    const { dimensions } = this.profile;
    if (embeddings.every(({ vector }) => vector.length === dimensions)) return embeddings;

    throw unreadable(`vectors of other than ${String(dimensions)} dimensions`);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(
    batch: readonly Beginning[],
    { priority, signal }: EmbedOptions,
  ): Promise<Embedding[]> {
    const answer = await this.#request(batch, { priority, signal });
    const vectors = new Map(answer.map(({ index, embedding }) => [index, unit(embedding)]));

    return batch.map(({ truncated }, index) => {
      const vector = vectors.get(index);
      if (!vector) throw unreadable('no vector for some of the texts');

      return { vector, truncated };
    });
  }

  async #request(
    batch: readonly Beginning[],
    { priority, signal }: EmbedOptions,
  ): Promise<z.infer<typeof shape>['data']> {
    const dimensions = this.#dimensions === undefined ? {} : { dimensions: this.#dimensions };
    const input = batch.map(({ text }) => text);
    try {
      const answer = await this.#client.embeddings.create(
        { model: this.#model, input, encoding_format: 'float', ...dimensions },
        { ...this.patience[priority], signal },
      );

      const { data, usage } = shape.parse(answer);
      this.#note(batch.length, usage.total_tokens);

      return data;
    } catch (error) {
      signal?.throwIfAborted();
      throw refusal(error);
    }
  }

  /** The question for the dimensions, before there is a space, is counted for none. */
  #note(texts: number, tokens: number): void {
    if (this.#profile === null) return;
    this.meter({
      modelKey: this.#profile.key,
      texts,
      tokens,
      usd: priceOf(this.#model, tokens),
    });
  }
}

/** Reads the whole answer, so that a connection lost halfway is repeated like one never made. */
async function fetchWhole(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(url, init);

    return new Response(await answer.arrayBuffer(), answer);
  } catch (error) {
    // The client tells a timeout by these words, where it cannot by the class of the error.
    throw init?.signal?.aborted ? new Error('timed out', { cause: error }) : error;
  }
}

const unreadable = (what: string): Error =>
  unavailable('embedding.failed', `The embedding server answered with ${what}.`);

function profileOf(model: string, dimensions: number): EmbeddingProfile {
  const key = `${model}@${String(dimensions)}/float/hosted/8191`;

  return {
    key,
    slug: slugOf(model, key),
    dimensions,
    searchThreshold: 0.25,
    suggestThreshold: 0.35,
    ranking: RANKING,
  };
}

/** A name that is cut has a part of the key's hash, so that those that begin alike stay apart. */
function slugOf(model: string, key: string): string {
  const slug = model.toLowerCase().replace(/[^a-z0-9]+/g, '_');

  return slug.length <= SLUG_MAX
    ? slug
    : `${slug.slice(0, SLUG_MAX - 9)}_${sha256(key).slice(0, 8)}`;
}
