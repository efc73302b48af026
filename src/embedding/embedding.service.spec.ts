import { describe, expect, it } from '@jest/globals';
import { EmbeddingService } from './embedding.service.js';
import { HashingEmbedder } from './hashing-embedder.js';

const service = new EmbeddingService(new HashingEmbedder());

describe('The embedding service', () => {
  it('answers with as many numbers as the model has dimensions', async () => {
    expect(await service.generateEmbedding('user login')).toHaveLength(64);
  });

  it('pads with zeros up to 1536 when asked to', async () => {
    const [plain, padded] = await Promise.all([
      service.generateEmbedding('user login'),
      service.generateEmbedding('user login', { pad: true }),
    ]);

    expect(padded).toHaveLength(1536);
    expect(padded.slice(0, 64)).toEqual(plain);
    expect(padded.slice(64).every((value) => value === 0)).toBe(true);
  });

  it('keeps the order of a batch', async () => {
    const texts = ['first', 'second', 'third'];
    const single = await Promise.all(texts.map((text) => service.generateEmbedding(text)));

    expect(await service.batchGenerateEmbeddings(texts)).toEqual(single);
  });

  it('answers nothing to nothing', async () => {
    expect(await service.batchGenerateEmbeddings([])).toEqual([]);
  });

  it.each(['', ' \n\t'])('refuses the blank text %j', async (text) => {
    await expect(service.generateEmbedding(text)).rejects.toMatchObject({
      code: 'embedding.blank_text',
      fields: [{ field: 'text', message: 'must not be blank' }],
    });
    await expect(service.batchGenerateEmbeddings(['words', text])).rejects.toThrow('blank');
  });

  it('compares vectors', () => {
    expect(service.cosineSimilarity([1, 0], [0, 1])).toBe(0);
    expect(service.euclideanDistance([0, 0, 0], [3, 4, 0])).toBe(5);
  });
});
