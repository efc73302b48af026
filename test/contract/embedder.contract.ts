import { type Embedder } from '#embedding';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cosineSimilarity } from '../../src/embedding/vector.js';

const ingest = { priority: 'ingest' } as const;

/** What every embedder keeps; `make` gives one that has not started yet. */
export function anEmbedder(make: () => Promise<Embedder> | Embedder): void {
  describe('as every embedder', () => {
    let embedder: Embedder;

    beforeAll(async () => {
      embedder = await make();
      await embedder.start();
    });

    afterAll(() => embedder.close());

    it('has a profile that can name a table', () => {
      expect(embedder.profile.slug).toMatch(/^[a-z0-9_]{1,40}$/);
      expect(embedder.profile.key).toMatch(/^[^@]+@[^/]+\/[^/]+\/[^/]+\/[^/]+$/);
    });

    it('answers with unit vectors of its dimensions', async () => {
      for (const { vector } of await embedder.embed(['a login page', 'Grüße 😀'], ingest)) {
        expect(vector).toHaveLength(embedder.profile.dimensions);
        expect(cosineSimilarity(vector, vector)).toBeCloseTo(1, 6);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    });

    it('gives the same bytes for the same text twice', async () => {
      const [first] = await embedder.embed(['a login page'], ingest);
      const [second] = await embedder.embed(['a login page'], { priority: 'query' });

      expect(first?.vector).toEqual(second?.vector);
    });

    it('gives the same bytes alone and in company, in the order asked', async () => {
      const texts = ['short', 'a longer text about a slow database query', 'three'];
      const together = await embedder.embed(texts, ingest);
      const alone = await Promise.all(texts.map((text) => embedder.embed([text], ingest)));

      expect(together).toEqual(alone.flat());
      expect(together[0]?.vector).not.toEqual(together[2]?.vector);
    });

    it('answers nothing to nothing', async () => {
      expect(await embedder.embed([], ingest)).toEqual([]);
    });

    it('may be closed twice', async () => {
      await embedder.close();
      await embedder.close();
    });
  });
}
