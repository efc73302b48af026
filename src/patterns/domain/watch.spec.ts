import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTooMuch, watched, type Claim } from './watch.js';

const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const claim = fc.record({ rate, base: rate });
const steps = fc.array(fc.boolean(), { maxLength: 200 });

const after = (of: Claim, outcomes: readonly boolean[]): number =>
  outcomes.reduce((cusum, held) => watched(cusum, of, held), 0);

/** How many contrary executions in a row take a claim back; none when a thousand do not. */
function patience(of: Claim): number | null {
  let cusum = 0;
  for (let times = 1; times <= 1_000; times += 1) {
    cusum = watched(cusum, of, false);
    if (isTooMuch(cusum)) return times;
  }

  return null;
}

describe('The watch', () => {
  // By hand: 6 / ln((1 − q) / (1 − rate)), rounded up, with q = max(.02, min(base, rate − .2)).
  it.each([
    [0.95, 0.1, 3],
    [0.9, 0.5, 4],
    [0.9, 0.8, 6],
    [0.7, 0.5, 12],
    [0.6, 0.5, 15],
    [0.3, 0.2, 24],
  ])('takes a claim of %d among %d back after %d contrary executions', (rate, base, times) => {
    expect(patience({ rate, base })).toBe(times);
  });

  it('weighs one execution by its log likelihood ratio', () => {
    const of = { rate: 0.9, base: 0.5 };

    expect(watched(1, of, false)).toBeCloseTo(1 + Math.log(0.5 / 0.1), 12);
    expect(watched(1, of, true)).toBeCloseTo(1 + Math.log(0.5 / 0.9), 12);
  });

  it('is calmed by executions for which the claim held', () => {
    const of = { rate: 0.9, base: 0.5 };

    expect(isTooMuch(after(of, [false, false, false, false]))).toBe(true);
    expect(isTooMuch(after(of, [false, false, true, false, false]))).toBe(false);
    expect(after(of, [false, true, true, true])).toBe(0);
  });

  it('has had enough at 6', () => {
    expect([5.999, 6, 7].map(isTooMuch)).toEqual([false, true, true]);
  });

  it('is never below zero', () => {
    fc.assert(
      fc.property(claim, steps, (of, outcomes) => {
        expect(after(of, outcomes)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('looks out for a rate of no less than .02', () => {
    expect(watched(0, { rate: 0.1, base: 0.001 }, false)).toBeCloseTo(Math.log(0.98 / 0.9), 12);
  });

  it('sleeps over a claim of .02', () => {
    fc.assert(
      fc.property(rate, steps, (base, outcomes) => {
        expect(after({ rate: 0.02, base }, outcomes)).toBe(0);
      }),
    );
  });

  it('takes no claim below .02 back because it does not hold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.02, noNaN: true }), rate, (low, base) => {
        expect(patience({ rate: low, base })).toBeNull();
      }),
    );
  });
});
