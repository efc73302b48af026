import { describe, expect, it } from '@jest/globals';
import { figuresOf, scoredAs } from './retrieval.js';

const question = { text: 'What?', relevant: new Set(['a', 'b']), self: null, slice: 'all' };

describe('An answer', () => {
  it('is scored by what it found, and where', () => {
    const best = scoredAs(question, ['a', 'b', 'c']);
    const half = scoredAs(question, ['c', 'b']);

    expect(best).toEqual({ slice: 'all', ndcg: 1, recall: 1, isRight: true });
    expect(half).toMatchObject({ recall: 0.5, isRight: false });
    expect(half.ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    expect(figuresOf([best, half])['recall@10']).toBe(0.75);
  });

  it('that found nothing is worth nothing', () => {
    expect(scoredAs(question, [])).toEqual({ slice: 'all', ndcg: 0, recall: 0, isRight: false });
  });
});
