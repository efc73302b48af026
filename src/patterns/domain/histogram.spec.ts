import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf, counted, EMPTY, medianOf, middleOf, type Histogram } from './histogram.js';

const WIDTH = 4 / 3;
/** Where values are told apart: from the end of the first bucket to the beginning of the last. */
const LAST = WIDTH ** 63;

const histogramOf = (values: readonly number[]): Histogram =>
  values.reduce((histogram, value) => counted(histogram, bucketOf(value), 1), EMPTY);

/** Of two middle ones the greater. */
const trueMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const value = fc.double({ min: WIDTH, max: LAST * 0.99, noNaN: true });

describe('A value', () => {
  it.each([
    [0, 0],
    [1, 0],
    [1.333, 0],
    [1.334, 1],
    [1.77, 1],
    [1.78, 2],
    [100, 16],
    [7.4e7, 62],
    [7.5e7, 63],
    [1e300, 63],
  ])('of %d lies in bucket %d', (number, bucket) => {
    expect(bucketOf(number)).toBe(bucket);
  });

  it('never lies in a lower bucket than a smaller one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, noNaN: true }),
        fc.double({ min: 0, noNaN: true }),
        (a, b) => {
          expect(bucketOf(Math.max(a, b))).toBeGreaterThanOrEqual(bucketOf(Math.min(a, b)));
        },
      ),
    );
  });

  it('is within 16 % of the middle of its bucket, but for the least and the greatest', () => {
    fc.assert(
      fc.property(value, (number) => {
        expect(Math.abs(middleOf(bucketOf(number)) / number - 1)).toBeLessThan(0.16);
      }),
    );
  });
});

describe('The median', () => {
  it.each<[what: string, values: number[], bucket: number | null]>([
    ['is none of nothing', [], null],
    ['is none of four values', [9, 9, 9, 9], null],
    ['of equal values is theirs', [9, 9, 9, 9, 9], 7],
    ['has as many values on either side', [1, 1, 9, 99, 99], 7],
    ['is of two middle ones the greater', [1, 1, 1, 99, 99, 99], 15],
    ['is not moved by one that is very long', [9, 9, 9, 9, 9, 1e9], 7],
  ])('%s', (_, values, bucket) => {
    expect(medianOf(histogramOf(values))).toBe(bucket);
  });

  it('is as near as its bucket is wide', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 5 }), (values) => {
        const median = middleOf(medianOf(histogramOf(values)) ?? NaN);

        expect(median / trueMedian(values)).toBeLessThan(WIDTH);
        expect(median / trueMedian(values)).toBeGreaterThan(1 / WIDTH);
      }),
    );
  });

  it('has at most half of the values in buckets below it', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 5 }), (values) => {
        const median = medianOf(histogramOf(values)) ?? NaN;
        const below = values.filter((one) => bucketOf(one) < median);

        expect(below.length * 2).toBeLessThanOrEqual(values.length);
      }),
    );
  });
});

describe('What is taken back', () => {
  it('was never there', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.boolean())), (values) => {
        const all = histogramOf(values.map(([one]) => one));
        const gone = values.filter(([, isGone]) => isGone);
        const left = gone.reduce((of, [one]) => counted(of, bucketOf(one), -1), all);

        expect(left).toEqual(histogramOf(values.flatMap(([one, isGone]) => (isGone ? [] : [one]))));
      }),
    );
  });
});
