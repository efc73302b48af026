import { describe, expect, it } from '@jest/globals';
import { figuresOf, scoredAs } from './retrieval.js';

const question = { text: 'What?', relevant: new Set(['a', 'b']), self: null, slice: 'all' };

describe('An answer', () => {
  it('is scored by what it found, and where', () => {
    const best = scoredAs(question, ['a', 'b', 'c']);
    const half = scoredAs(question, ['c', 'b']);

    expect(best).toEqual({ slice: 'all', ndcg: 1, recall: 1, isRight: true, isWithoutHit: false });
    expect(half).toMatchObject({ recall: 0.5, isRight: false });
    expect(half.ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    expect(figuresOf([best, half])).toMatchObject({ 'recall@10': 0.75, without_a_hit: 0 });
  });

  it('that found nothing is worth nothing', () => {
    const nothing = scoredAs(question, []);

    expect(nothing).toMatchObject({ ndcg: 0, recall: 0, isRight: false });
    expect(figuresOf([nothing]).without_a_hit).toBe(1);
  });
});
