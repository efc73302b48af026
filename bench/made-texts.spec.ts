import { describe, expect, it } from '@jest/globals';
import { madeTexts, some } from './made-texts.js';

const SENTENCES = ['the tests pass', 'the build fails', 'nobody knows why', 'it was the cache'];

describe('Made texts', () => {
  it('are the same for the same seed, and others for another', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => some(madeTexts(SENTENCES, seed), 20));

    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('hold 3 to 12 sentences, each as it was', () => {
    const counts = some(madeTexts(SENTENCES, 3), 500).map((text) => {
      const parts = text.split('. ');
      expect(SENTENCES).toEqual(expect.arrayContaining([...new Set(parts)]));
      return parts.length;
    });

    expect([Math.min(...counts), Math.max(...counts)]).toEqual([3, 12]);
  });
});
