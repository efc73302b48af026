import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lnBeta, lnGamma } from './ln-gamma.js';

/** How far one number is from another, in parts of the greater; in units below 1. */
const distance = (a: number, b: number): number =>
  Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });

describe('The logarithm of the gamma function', () => {
  // What math.lgamma of Python 3.11 says.
  it.each([
    [1e-6, 13.815_509_980_749_43],
    [0.1, 2.252_712_651_734_205_5],
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [1.5, -0.120_782_237_635_245_43],
    [2, 0],
    [3, Math.LN2],
    [10, Math.log(362_880)],
    [21, 42.335_616_460_753_485],
    [100.5, 361.435_540_467_777_6],
    [1e5, 1_051_287.708_973_656_6],
    [1e6, 12_815_504.569_147_611],
  ])('of %d is %d', (x, value) => {
    expect(distance(lnGamma(x), value)).toBeLessThan(1e-12);
  });

  it('grows by ln x from x to x + 1', () => {
    fc.assert(
      fc.property(positive, (x) => {
        expect(distance(lnGamma(x + 1), lnGamma(x) + Math.log(x))).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('The logarithm of the beta function', () => {
  it.each([
    [1, 1, 0],
    [0.5, 0.5, Math.log(Math.PI)],
    [2, 3, -Math.log(12)],
    [1, 1_000, -Math.log(1_000)],
  ])('of %d and %d is %d', (a, b, value) => {
    expect(lnBeta(a, b)).toBeCloseTo(value, 11);
  });

  it('does not mind which of the two comes first', () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        expect(distance(lnBeta(a, b), lnBeta(b, a))).toBeLessThan(1e-12);
      }),
    );
  });
});
