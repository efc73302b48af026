import { type Embedder } from '../../src/embedding/index.js';
import { type Vectors } from './peer.js';

/** The vectors of our model, each made once; white space around a text is nothing to it. */
export class SameVectors implements Vectors {
  private readonly made = new Map<string, number[]>();

  constructor(private readonly embedder: Embedder) {}

  get dimensions(): number {
    return this.embedder.profile.dimensions;
  }

  async of(texts: readonly string[]): Promise<number[][]> {
    const missing = [...new Set(texts.map((text) => text.trim()))].filter(
      (text) => !this.made.has(text),
    );
    if (missing.length > 0) {
      const made = await this.embedder.embed(missing, { priority: 'query' });
      made.forEach(({ vector }, index) => this.made.set(missing[index] ?? '', [...vector]));
    }

    return texts.map((text) => this.made.get(text.trim()) ?? []);
  }
}
