import { describe, expect, it } from '@jest/globals';
import { HashingEmbedder } from '../../src/embedding/index.js';
import { SameVectors } from './same-vectors.js';

describe('The vectors that everybody is given', () => {
  it('are made once of each text, in the order asked for', async () => {
    const asked: string[] = [];
    const model = new (class extends HashingEmbedder {
      override embed(
        ...[texts]: Parameters<HashingEmbedder['embed']>
      ): ReturnType<HashingEmbedder['embed']> {
        asked.push(...texts);
        return super.embed(texts);
      }
    })();
    const vectors = new SameVectors(model);
    const [one, two] = await vectors.of(['one', 'two']);

    expect(await vectors.of(['two', ' one\n', 'two'])).toEqual([two, one, two]);
    expect(asked).toEqual(['one', 'two']);
    expect(one).toHaveLength(vectors.dimensions);
  });
});
