import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type Embedding } from '../embedder.js';

/** How long a vector is kept that nobody asks for again, in seconds: a week. */
const KEPT_SECONDS = 7 * 24 * 3_600;
/** Slower than that, it is faster to ask the model. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;
/** How long it is left alone after it failed. */
const REST_MS = 5_000;

/**
 * Vectors in a Redis, shared by all processes. One that is away makes embedding slower and nothing else:
 * it is left alone for some seconds, and spoken of once.
 */
export class SharedVectors {
  private readonly logger = new Logger(SharedVectors.name);
  private readonly redis: Redis;
  private restsUntil = 0;
  private isAway = false;

  constructor(url: string) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: () => REST_MS,
    });
    this.redis.on('error', (error: Error) => {
      this.failed(error);
    });
    // Nobody waits for it; the client goes on trying by itself.
    this.redis.connect().catch(() => undefined);
  }

  /** What is known under these keys, by key; nothing while it is away. */
  async get(keys: readonly string[], dimensions: number): Promise<Map<string, Embedding>> {
    if (keys.length === 0) return new Map();
    const values = (await this.tryTo(() => this.redis.mgetBuffer(...keys))) ?? [];

    return new Map(
      values.flatMap((value, at) => {
        const embedding = value && decoded(value, dimensions);
        return embedding ? [[keys[at] ?? '', embedding] as const] : [];
      }),
    );
  }

  async put(embeddings: ReadonlyMap<string, Embedding>): Promise<void> {
    await this.tryTo(() => {
      const pipeline = this.redis.pipeline();
      for (const [key, embedding] of embeddings) {
        pipeline.set(key, encoded(embedding), 'EX', KEPT_SECONDS);
      }
      return pipeline.exec();
    });
  }

  /** Whether the vectors of these texts are gone, of all these models; false while it is away. */
  async forget(modelKeys: readonly string[], textsSha256: readonly string[]): Promise<boolean> {
    const keys = modelKeys.flatMap((model) => textsSha256.map((text) => sharedKey(model, text)));

    return keys.length === 0 || (await this.tryTo(() => this.redis.del(...keys))) !== null;
  }

  close(): void {
    this.redis.disconnect();
  }

  private async tryTo<Result>(work: () => Promise<Result>): Promise<Result | null> {
    if (this.redis.status !== 'ready' || performance.now() < this.restsUntil) return null;
    try {
      const result = await work();
      this.isAway = false;
      return result;
    } catch (error) {
      this.failed(error as Error);
      return null;
    }
  }

  private failed({ message }: Error): void {
    this.restsUntil = performance.now() + REST_MS;
    if (this.isAway) return;
    this.isAway = true;
    this.logger.warn(`Redis does not answer; vectors are not shared meanwhile: ${message}`);
  }
}

/** What a vector is called there: the space and the sha256 of its text, hex. */
export const sharedKey = (modelKey: string, textSha256: string): string =>
  `omoi:embedding:${modelKey}:${textSha256}`;

/** One byte whether it was cut, then the numbers in four bytes each, little end first. */
export function encoded({ vector, truncated }: Embedding): Buffer {
  const bytes = Buffer.alloc(1 + 4 * vector.length);
  bytes.writeUInt8(truncated ? 1 : 0, 0);
  vector.forEach((value, at) => bytes.writeFloatLE(value, 1 + 4 * at));

  return bytes;
}

/** The other way round; null for what is no vector of so many dimensions. */
export function decoded(bytes: Buffer, dimensions: number): Embedding | null {
  if (bytes.length !== 1 + 4 * dimensions) return null;
  const vector = Float32Array.from({ length: dimensions }, (_, at) =>
    bytes.readFloatLE(1 + 4 * at),
  );

  return { vector, truncated: bytes.readUInt8(0) === 1 };
}
