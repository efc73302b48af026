/**
 * How many values lie in each of 64 buckets, each of which ends a third further than the one before: so
 * much of a distribution, and no list of its values. The unit of the values is the end of what is
 * worth telling apart.
 */
export type Histogram = readonly number[];

const BUCKETS = 64;
const GROWTH = 4 / 3;
/** Of fewer values there is no median. */
const MIN_VALUES = 5;

export const EMPTY: Histogram = Array<number>(BUCKETS).fill(0);

/** Where each bucket ends, and the next begins; the last has no end. Multiplied, so that it is the same on every machine. */
const ENDS = Array<number>(BUCKETS - 1)
  .fill(GROWTH)
  .map((_, nth) => Array<number>(nth + 1).fill(GROWTH))
  .map((factors) => factors.reduce((end, factor) => end * factor, 1));

/** 0..63. @param value 0 or more */
export function bucketOf(value: number): number {
  const bucket = ENDS.findIndex((end) => value < end);

  return bucket < 0 ? BUCKETS - 1 : bucket;
}

/** The geometric middle of a bucket: within 16 % of every value in it, but for the first and the last. */
export function middleOf(bucket: number): number {
  const start = ENDS[bucket - 1] ?? 1;

  return Math.sqrt(start * start * GROWTH);
}

/** With a value more in a bucket, or with one less. */
export const counted = (histogram: Histogram, bucket: number, sign: 1 | -1): Histogram =>
  histogram.map((count, nth) => (nth === bucket ? count + sign : count));

/**
 * The bucket of the median (of two middle ones the greater): the last that has at most half of the
 * values below it. Null of fewer than five values.
 */
export function medianOf(histogram: Histogram): number | null {
  const values = histogram.reduce((sum, count) => sum + count, 0);
  if (values < MIN_VALUES) return null;
  let below = 0;

  return histogram.findIndex((count) => {
    below += count;
    return below * 2 > values;
  });
}
