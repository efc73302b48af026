import { LRUCache } from 'lru-cache';
import { EmbedderDecorator } from '../embedder-decorator.js';
import { type Embedding, type EmbedOptions } from '../embedder.js';
import { textKey } from '../text-key.js';

const REMEMBERED_TEXTS = 10_000;

type Priority = EmbedOptions['priority'];

/** Texts on their way to the model and back, and how many calls still wait for them. */
interface Flight {
  readonly priority: Priority;
  readonly keys: readonly string[];
  readonly landed: Promise<ReadonlyMap<string, Embedding>>;
  readonly abort: AbortController;
  askers: number;
}

/** Before any embedder: remembers the last texts, and asks once for what is asked for twice. */
export class RememberingEmbedder extends EmbedderDecorator {
  readonly #remembered = new LRUCache<string, Embedding>({ max: REMEMBERED_TEXTS });
  readonly #flying = { query: new Map<string, Flight>(), ingest: new Map<string, Flight>() };

  override async embed(
    texts: readonly string[],
    { priority, signal }: EmbedOptions,
  ): Promise<Embedding[]> {
    signal?.throwIfAborted();
    const keys = texts.map((text) => `${this.profile.key} ${textKey(text)}`);
    const found = new Map<string, Embedding>();
    const missing = new Map<string, string>();
    const flights = new Set<Flight>();

    keys.forEach((key, at) => {
      const remembered = this.#remembered.get(key);
      const flight = this.#flight(key, priority);
      if (remembered) found.set(key, remembered);
      else if (flight) flights.add(flight);
      else missing.set(key, texts[at]?.normalize('NFC') ?? '');
    });
    if (missing.size > 0) flights.add(this.#depart(missing, priority));
    for (const landed of await this.#arrivals(flights, signal)) {
      for (const [key, embedding] of landed) found.set(key, embedding);
    }

    return keys.flatMap((key) => found.get(key) ?? []);
  }

  /** One that is no slower than wanted: a query does not wait for an ingest. */
  #flight(key: string, priority: Priority): Flight | undefined {
    return this.#flying.query.get(key) ?? this.#flying[priority].get(key);
  }

  #depart(texts: ReadonlyMap<string, string>, priority: Priority): Flight {
    const abort = new AbortController();
    const keys = [...texts.keys()];
    const landed = this.inner
      .embed([...texts.values()], { priority, signal: abort.signal })
      .then((embeddings) => new Map(embeddings.map((embedding, at) => [keys[at] ?? '', embedding])))
      .then((embeddings) => {
        for (const [key, embedding] of embeddings) this.#remembered.set(key, embedding);

        return embeddings;
      });
    const flight: Flight = { priority, keys, landed, abort, askers: 0 };
    for (const key of keys) this.#flying[priority].set(key, flight);

    return flight;
  }

  async #arrivals(
    flights: ReadonlySet<Flight>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, Embedding>[]> {
    for (const flight of flights) flight.askers += 1;
    try {
      return await abortable(Promise.all([...flights].map(({ landed }) => landed)), signal);
    } finally {
      for (const flight of flights) this.#leave(flight);
    }
  }

  /** The last one to leave calls off what has not landed. */
  #leave(flight: Flight): void {
    flight.askers -= 1;
    if (flight.askers > 0) return;

    const flying = this.#flying[flight.priority];
    for (const key of flight.keys) if (flying.get(key) === flight) flying.delete(key);
    flight.abort.abort();
  }
}

/** Stops waiting when the signal says so; what was waited for goes on. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;

  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
