import { unavailable, type DomainError } from '#kernel';
import type { EmbeddingProfile } from './profile.js';

/** What a text became: a unit vector of `profile.dimensions` numbers. */
export interface Embedding {
  /** Shared by everyone who asked for the same text: read it, never write to it. */
  readonly vector: Float32Array;
  /** Whether the model read only the beginning of the text. */
  readonly truncated: boolean;
}

export interface EmbedOptions {
  /** `query`: somebody waits for it, and it overtakes `ingest`. */
  readonly priority: 'query' | 'ingest';
  /** Rejects with its reason, and takes out of the queue what nobody else waits for. */
  readonly signal?: AbortSignal | undefined;
}

/** A model that can never answer as things stand; the message says what to do about it. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
}

/** The port to a model that turns texts into vectors. */
export abstract class Embedder {
  /** Known once `start` has resolved. */
  abstract readonly profile: EmbeddingProfile;

  /** Why no text can be embedded now; null while one can, as far as is known. */
  abstract readonly refusal: DomainError | null;

  /** @throws ModelUnavailable when no text can ever be embedded as things stand. */
  abstract start(): Promise<void>;

  /**
   * One embedding a text, in the order given; equal texts give equal bytes, alone or in company.
   * @throws DomainError `embedding.overloaded` when the queue is full, `embedding.failed` or
   * `embedding.timed_out` when the model did not answer.
   */
  abstract embed(texts: readonly string[], options: EmbedOptions): Promise<Embedding[]>;

  /** Texts that are being read are finished, texts that wait are refused. */
  abstract close(): Promise<void>;
}

/** The embedding of one text. @throws DomainError as `Embedder.embed` */
export async function embedOne(
  embedder: Embedder,
  text: string,
  priority: EmbedOptions['priority'],
  signal?: AbortSignal,
): Promise<Embedding> {
  const [embedding] = await embedder.embed([text], { priority, signal });
  if (!embedding) throw unavailable('embedding.failed', 'The model did not answer.');

  return embedding;
}
