import { createHash } from 'node:crypto';
import { Embedder, type Embedding } from './embedder.js';
import { RANKING, type EmbeddingProfile } from './profile.js';
import { unit } from './vector.js';

const DIMENSIONS = 64;

/** For tests that need vectors and no meaning: texts are as near as the words they share. */
export class HashingEmbedder extends Embedder {
  override readonly profile: EmbeddingProfile = {
    key: 'hashing@1/f32/sum/all',
    slug: 'hashing',
    dimensions: DIMENSIONS,
    searchThreshold: 0.4,
    suggestThreshold: 0.5,
    ranking: RANKING,
  };

  override readonly refusal = null;

  override start(): Promise<void> {
    return Promise.resolve();
  }

  override embed(texts: readonly string[]): Promise<Embedding[]> {
    return Promise.resolve(texts.map((text) => ({ vector: vectorOf(text), truncated: false })));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

function vectorOf(text: string): Float32Array {
  const counts = new Float32Array(DIMENSIONS);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [''];
  for (const word of words) {
    const place = createHash('sha256').update(word).digest().readUInt8(0) % DIMENSIONS;
    counts[place] = (counts[place] ?? 0) + 1;
  }

  return unit(counts) ?? counts;
}
