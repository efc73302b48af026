import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logBayesFactor, weigh, type Votes, type Weighed } from './gate.js';

const votes = (successes: number, failures: number): Votes => ({
  successes,
  votes: successes + failures,
});

type Counts = readonly [s: number, f: number, s0: number, f0: number];

const weighed = ([s, f, s0, f0]: Counts, demotions = 0): Weighed =>
  weigh(votes(s, f), votes(s0, f0), demotions);

const count = fc.oneof(fc.nat(5), fc.nat(80), fc.nat(5_000));
const anyCounts = fc.tuple(count, count, count, count);

describe('The gate', () => {
  // The first three are those of learning.md, the others what learner.py says.
  it.each<[counts: Counts, lnE: number]>([
    [[21, 9, 1_500, 1_500], 1.088_514],
    [[45, 15, 1_500, 1_500], 5.858_548],
    [[28, 2, 140, 60], 3.108_447],
    [[9, 0, 1_500, 1_500], 3.135_32],
    [[0, 30, 2, 3], 1.054_025],
    [[1, 2, 50, 50], -0.213_291],
    [[5_400, 4_600, 500_000, 500_000], 27.738_648],
  ])('weighs %j as %d', (counts, lnE) => {
    expect(weighed(counts).lnE).toBe(lnE);
  });

  it.each<Counts>([
    [2, 0, 1_500, 1_500],
    [0, 2, 1_500, 1_500],
    [200, 0, 0, 2],
    [0, 0, 0, 0],
  ])('decides nothing on %d and %d votes against %d and %d', (...counts) => {
    expect(weighed(counts)).toMatchObject({ lnE: null, passes: false });
  });

  it('decides from three votes on, of the key and of the others', () => {
    expect(weighed([3, 0, 1, 2]).lnE).not.toBeNull();
  });

  it('asks for odds of 100, and for twice as many after each demotion', () => {
    // Odds of 350.
    const passing = [0, 1, 2, 3].map((times) => weighed([45, 15, 1_500, 1_500], times).passes);

    expect(passing).toEqual([true, true, false, false]);
    expect(weighed([28, 2, 140, 60]).passes).toBe(false);
  });

  it('says the same odds however often a pattern was demoted', () => {
    expect(weighed([45, 15, 1_500, 1_500], 9).lnE).toBe(5.858_548);
  });

  it('never lets a difference below 5 points pass, however sure it is', () => {
    expect(weighed([5_400, 4_600, 500_000, 500_000])).toMatchObject({ passes: false });
    expect(weighed([5_600, 4_400, 500_000, 500_000])).toMatchObject({ passes: true });
  });

  it.each<[counts: Counts, leans: Weighed['leans']]>([
    [[45, 15, 1_500, 1_500], 'success'],
    [[15, 45, 1_500, 1_500], 'failure'],
    [[1, 0, 0, 0], 'success'],
    [[0, 1, 0, 0], 'failure'],
    // As good as the others: (s₀ + ½) / (s₀ + f₀ + 1) is 1/2, 1/4 and 1/6.
    [[1, 1, 1, 1], 'success'],
    [[1, 3, 2, 7], 'success'],
    [[1, 5, 2, 12], 'success'],
    [[1, 6, 2, 12], 'failure'],
    [[0, 0, 1_500, 1_500], null],
  ])('sees votes like %j lean to %s', (counts, leans) => {
    expect(weighed(counts).leans).toBe(leans);
  });

  it('knows the rate of the others, one half when there are none', () => {
    expect(weighed([1, 0, 2, 7]).base).toBe(0.25);
    expect(weighed([1, 0, 0, 0]).base).toBe(0.5);
  });

  it('lets only pass what is proven, by enough votes and far enough from the others', () => {
    fc.assert(
      fc.property(anyCounts, fc.nat(3), (counts, demotions) => {
        const [s, f, s0, f0] = counts;
        const { passes, lnE, base } = weighed(counts, demotions);
        fc.pre(passes);

        expect(lnE).toBeGreaterThanOrEqual(Math.log(100 * 2 ** demotions));
        expect(Math.min(s + f, s0 + f0)).toBeGreaterThanOrEqual(3);
        expect(Math.abs((s + 4 * base) / (s + f + 4) - base)).toBeGreaterThanOrEqual(0.05);
      }),
    );
  });

  it('says the same of failures as of successes', () => {
    fc.assert(
      fc.property(anyCounts, ([s, f, s0, f0]) => {
        const there = logBayesFactor(votes(s, f), votes(s0, f0));
        const back = logBayesFactor(votes(f, s), votes(f0, s0));

        expect(Math.abs(there - back)).toBeLessThan(1.5e-6);
      }),
    );
  });
});
