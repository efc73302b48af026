import { describe, expect, it } from '@jest/globals';
import { auroc, mean, ndcgAt10, percentile, recallAt10, share, spearman } from './metrics.js';

const hits = (marks: string): boolean[] => Array.from(marks, (mark) => mark === '+');

describe('nDCG@10', () => {
  it('is 1 when all that is relevant stands first', () => {
    expect(ndcgAt10(hits('++---'), 2)).toBe(1);
    expect(ndcgAt10(hits('++++++++++'), 30)).toBe(1);
  });

  it('discounts by the logarithm of the rank', () => {
    expect(ndcgAt10(hits('-+'), 1)).toBeCloseTo(1 / Math.log2(3), 12);
    expect(ndcgAt10(hits('+-+'), 2)).toBeCloseTo(1.5 / (1 + 1 / Math.log2(3)), 12);
  });

  it('looks no further than the tenth', () => {
    expect(ndcgAt10(hits('----------+'), 1)).toBe(0);
  });

  it('misses what was not returned', () => {
    expect(ndcgAt10(hits('+'), 2)).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  });
});

describe('Recall@10', () => {
  it('is the share of what is relevant, of all there is', () => {
    expect(recallAt10(hits('+-+-------+'), 4)).toBe(0.5);
    expect(recallAt10(hits('++++++++++'), 20)).toBe(0.5);
  });
});

describe('AUROC', () => {
  it('is 1 when every positive is above every negative, and 0 the other way', () => {
    expect(auroc([3, 4], [1, 2])).toBe(1);
    expect(auroc([1, 2], [3, 4, 5])).toBe(0);
  });

  it('counts a tie as half', () => {
    expect(auroc([1, 1], [1])).toBe(0.5);
    expect(auroc([2, 1], [1, 0])).toBe(0.875);
  });

  it('is not a number without either', () => {
    expect(auroc([], [1])).toBeNaN();
  });
});

describe('Spearman', () => {
  it('sees the order and not the distance', () => {
    expect(spearman([1, 2, 3], [10, 100, 1000])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  });

  it('gives equal values the mean of their ranks', () => {
    expect(spearman([1, 2, 2, 4], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it('is not a number when one list is constant', () => {
    expect(spearman([1, 1], [1, 2])).toBeNaN();
  });
});

describe('A percentile', () => {
  it('is a value that was measured', () => {
    const values = [5, 1, 4, 2, 3];

    expect([1, 20, 50, 95, 100].map((percent) => percentile(values, percent))).toEqual([
      1, 1, 3, 5, 5,
    ]);
  });

  it('is not a number when nothing was measured', () => {
    expect(percentile([], 50)).toBeNaN();
  });
});

describe('A mean and a share', () => {
  it('are over all values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(share([true, false, false, true])).toBe(0.5);
  });
});
