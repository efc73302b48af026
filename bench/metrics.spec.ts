import { describe, expect, it } from '@jest/globals';
import {
  auroc,
  brier,
  calibration,
  ece,
  mean,
  ndcgAt10,
  percentile,
  recallAt10,
  share,
  spearman,
} from './metrics.js';

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

describe('A Brier score', () => {
  it.each([
    ['sure and right', [1, 0], '+-', 0],
    ['sure and wrong', [1, 0], '-+', 1],
    ['undecided', [0.5, 0.5, 0.5], '+-+', 0.25],
    ['nearly right', [0.8, 0.4], '+-', (0.04 + 0.16) / 2],
  ])('of %s', (_, probabilities, outcomes, expected) => {
    expect(brier(probabilities, hits(outcomes))).toBeCloseTo(expected, 12);
  });
});

describe('The calibration error', () => {
  it.each([
    ['as often as it was said', [0.75, 0.75, 0.75, 0.75], '+++-', 0],
    ['always, of what was said to be even', [0.5, 0.5], '++', 0.5],
    ['one bin right, a third of all off by .9', [0, 0, 0.9], '---', 0.3],
    ['errors of one bin that make up for each other', [0.61, 0.69], '+-', 0.15],
    ['errors of two bins that do not', [0.59, 0.61], '-+', (0.59 + 0.39) / 2],
  ])('of %s', (_, probabilities, outcomes, expected) => {
    expect(ece(probabilities, hits(outcomes))).toBeCloseTo(expected, 12);
  });

  it('is, like the score, not a number when nothing was predicted', () => {
    expect([ece([], []), brier([], [])]).toEqual([NaN, NaN]);
  });

  it('is over ten bins, each with its lower end, and 1 in the last', () => {
    const bins = calibration([0, 0.05, 0.1, 0.3, 0.7, 0.99, 1], hits('-+++--+'));

    expect(bins.map(({ low }) => low)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(bins.map(({ n }) => n)).toEqual([2, 1, 0, 1, 0, 0, 0, 1, 0, 2]);
    expect(bins[0]).toMatchObject({ predicted: 0.025, observed: 0.5 });
    expect(bins[2]).toMatchObject({ predicted: NaN, observed: NaN });
    expect(bins[9]).toMatchObject({ predicted: 0.995, observed: 0.5 });
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
