import { EmbeddingService } from '#embedding';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalEmbedder } from '../../../src/embedding/local-embedder.js';
import { RANKING } from '../../../src/embedding/profile.js';
import { anEmbedder } from '../../contract/embedder.contract.js';

const MODEL = 'models/all-MiniLM-L6-v2';
const ingest = { priority: 'ingest' } as const;

describe('A local embedder', () => {
  anEmbedder(() => new LocalEmbedder(MODEL, 1));

  describe('with the bundled model', () => {
    const embedder = new LocalEmbedder(MODEL, 1);
    const service = new EmbeddingService(embedder);

    beforeAll(() => embedder.start());
    afterAll(() => embedder.close());

    it('names its vector space', () => {
      expect(embedder.profile).toEqual({
        key: 'all-MiniLM-L6-v2@6836e81175e5/q8/mean/256',
        slug: 'all_minilm_l6_v2_q8',
        dimensions: 384,
        searchThreshold: 0.4,
        suggestThreshold: 0.5,
        ranking: RANKING,
      });
    });

    it('gives the golden values', async () => {
      const [first, second] = await service.generateEmbedding('This is a simple test.');

      expect(first).toBeCloseTo(0.0897848, 4);
      expect(second).toBeCloseTo(-0.0214752, 4);
    });

    it('finds the memories about authentication for "JWT"', async () => {
      const memories = [
        'Fixed CSS grid layout on the dashboard',
        'Implemented JWT authentication with refresh tokens',
        'Optimised a slow SQL query with an index',
        'Implemented login with OAuth2 and JWT tokens',
        'Wrote unit tests for the date parser',
      ];
      const [asked = [], ...vectors] = await service.batchGenerateEmbeddings(['JWT', ...memories]);
      const ranked = vectors
        .map((vector, at) => ({ at, cosine: service.cosineSimilarity(asked, vector) }))
        .sort((a, b) => b.cosine - a.cosine);

      expect(
        ranked
          .slice(0, 2)
          .map(({ at }) => at)
          .sort(),
      ).toEqual([1, 3]);
    });

    it('gives 1536 numbers to one who wants them padded, and the same cosine', async () => {
      const texts = ['user login', 'sign in'];
      const [a = [], b = []] = await service.batchGenerateEmbeddings(texts, { pad: true });
      const [c = [], d = []] = await service.batchGenerateEmbeddings(texts);

      expect(a).toHaveLength(1536);
      expect(a.slice(384).filter((value) => value === 0)).toHaveLength(1152);
      expect(service.cosineSimilarity(a, b)).toBe(service.cosineSimilarity(c, d));
    });

    it.each([
      ['reads all of 256 tokens', 254, false],
      ['says that it read only the beginning of 257', 255, true],
    ])('%s', async (_said, words, expected) => {
      const [embedding] = await embedder.embed(['hello '.repeat(words)], ingest);

      expect(embedding?.truncated).toBe(expected);
    });

    it('reads the first 256 tokens whatever follows', async () => {
      const texts = ['a', 'b'].map((tail) => 'hello '.repeat(254) + tail.repeat(20_000));
      const [a, b] = await embedder.embed(texts, ingest);

      expect(a).toEqual(b);
      expect(a?.truncated).toBe(true);
    });

    it('says that it read only the beginning of one word of 16,001 characters', async () => {
      const texts = ['a'.repeat(16_000), 'a'.repeat(16_001)];
      const embeddings = await embedder.embed(texts, ingest);

      expect(embeddings.map(({ truncated }) => truncated)).toEqual([false, true]);
    });
  });
});
