import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intervalOf, posterior, predicted, withFeedback, type Said } from './confidence.js';

const yes = (adjustment = 0): Said => ({ helpful: true, adjustment });
const no = (adjustment = 0): Said => ({ helpful: false, adjustment });

const share = fc.double({ min: 0, max: 1, noNaN: true });
const said = fc.record({
  helpful: fc.boolean(),
  adjustment: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
});

describe('A posterior', () => {
  it.each([
    [0, 0, 0.5, 0.5],
    [0, 0, 0.9, 0.9],
    [7, 10, 0.5, 9 / 14],
    [0, 4, 0.5, 0.25],
    [6, 6, 0.25, 0.7],
  ])('of %d of %d begins with a prior of %d and is %d', (successes, n, prior, value) => {
    expect(posterior(successes, n, prior)).toBeCloseTo(value, 12);
  });
});

describe('A confidence', () => {
  // What learner.py serves of a rate of .6 after 6 executions, and of rates near the ends.
  it.each<[share: number, said: Said[], confidence: number, lower: number]>([
    [0.6, [], 0.6, 0.357_017_396_806_797_17],
    [0.6, [yes()], 2 / 3, 0.451_592_638_465_124_76],
    [0.6, [no()], 0.5, 0.271_879_544_302_374_5],
    [0.6, [yes(0.2), no(-0.05)], 0.721_428_571_428_571_4, 0.531_020_555_578_397_7],
    [0.95, [yes(0.2)], 1, 1],
    [0.05, [no(-0.2)], 0, 0],
  ])('of %d, with %j said of it, is %d and at least %d', (rate, words, confidence, lower) => {
    const heard = withFeedback(rate, 6, words);

    expect(heard.confidence).toBeCloseTo(confidence, 12);
    expect(heard.lower).toBeCloseTo(lower, 12);
    expect(heard.observations).toBe(6 + 2 * words.length);
  });

  it('counts a word as two observations that held, or did not', () => {
    const prior = 0.5;

    expect(withFeedback(posterior(3, 6, prior), 6, [yes()]).confidence).toBeCloseTo(
      posterior(5, 8, prior),
      12,
    );
    expect(withFeedback(posterior(3, 6, prior), 6, [no()]).confidence).toBeCloseTo(
      posterior(3, 8, prior),
      12,
    );
  });

  it('may reach below zero with its lower end, which is served as zero', () => {
    const unsure = withFeedback(0.05, 0, []);

    expect(unsure.lower).toBeLessThan(0);
    expect(intervalOf(unsure).low).toBe(0);
  });

  it('has itself in the middle of its interval, unless that is clamped', () => {
    const { low, high } = intervalOf({ confidence: 0.6, lower: 0.5 });

    expect(low).toBe(0.5);
    expect(high).toBeCloseTo(0.7, 12);
    expect(intervalOf({ confidence: 0.9, lower: 0.7 })).toEqual({ low: 0.7, high: 1 });
  });

  it('is served between 0 and 1, within its interval, whatever was said', () => {
    fc.assert(
      fc.property(share, fc.nat(1_000), fc.array(said), (rate, n, words) => {
        const heard = withFeedback(rate, n, words);
        const { low, high } = intervalOf(heard);

        expect([0, low, heard.confidence, high, 1].every((x) => !Number.isNaN(x))).toBe(true);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(heard.confidence);
        expect(high).toBeGreaterThanOrEqual(heard.confidence);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is surer the more there is behind it', () => {
    const uncertain = fc.double({ min: 0.01, max: 0.99, noNaN: true });

    fc.assert(
      fc.property(uncertain, fc.nat(1_000), (rate, n) => {
        expect(withFeedback(rate, n + 1, []).lower).toBeGreaterThan(
          withFeedback(rate, n, []).lower,
        );
      }),
    );
  });
});

describe('What is predicted', () => {
  // By learning.md: p = (successes + 3·rate) / (executions + 3) ± 1.645 √(p (1 − p) / (n + 5)).
  it.each([
    [{ rate: 0.5, n: 0, task: [0, 0] }, 0.5, 0.132_166_817_701_284_58, 0.867_833_182_298_715_4],
    [{ rate: 0.8, n: 20, task: [0, 0] }, 0.8, 0.6684, 0.9316],
    [{ rate: 0.8, n: 20, task: [1, 4] }, 3.4 / 7, 0.333_042_223_369_24, 0.638_386_348_059_332],
    [{ rate: 0.98, n: 0, task: [0, 0] }, 0.98, 0.877_006_708_956_359_6, 1],
    [{ rate: 1, n: 50, task: [3, 3] }, 1, 1, 1],
  ])('from %j is %d, between %d and %d', ({ rate, n, task }, probability, low, high) => {
    const [successes = 0, executions = 0] = task;
    const { interval, ...rest } = predicted(rate, n, { successes, executions });

    expect(rest.probability).toBeCloseTo(probability, 12);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('is between 0 and 1, within its interval', () => {
    const history = fc
      .tuple(fc.nat(50), fc.nat(50))
      .map(([successes, failures]) => ({ successes, executions: successes + failures }));

    fc.assert(
      fc.property(share, fc.nat(1_000), history, (rate, n, task) => {
        const { probability, interval } = predicted(rate, n, task);

        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(probability);
        expect(interval.high).toBeGreaterThanOrEqual(probability);
        expect(interval.high).toBeLessThanOrEqual(1);
      }),
    );
  });
});
