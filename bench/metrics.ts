/** How many results count. */
const DEPTH = 10;
/** Into how many parts 0..1 is cut to look at calibration. */
const BINS = 10;

/**
 * Normalised discounted cumulative gain of the first 10 results, 0..1: binary gain, discount
 * log2(rank + 1), ideal over min(10, `relevant`). (Järvelin and Kekäläinen, 2002)
 * @param hits whether each result is relevant, best first
 * @param relevant how many relevant ones there are, at least 1
 */
export function ndcgAt10(hits: readonly boolean[], relevant: number): number {
  const gained = hits.slice(0, DEPTH).map((hit, index) => (hit ? discount(index) : 0));
  const ideal = Array.from({ length: Math.min(DEPTH, relevant) }, (_, index) => discount(index));

  return sum(gained) / sum(ideal);
}

const discount = (index: number): number => 1 / Math.log2(index + 2);

/** Share of the `relevant` ones (at least 1) among the first 10 results, 0..1. */
export function recallAt10(hits: readonly boolean[], relevant: number): number {
  return hits.slice(0, DEPTH).filter(Boolean).length / relevant;
}

/**
 * How likely a positive scores above a negative, 0..1, ties counting half: the area under the ROC
 * curve by mid-ranks (Mann and Whitney, 1947). NaN when either is empty.
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const ranks = midRanks([...positives, ...negatives]).slice(0, positives.length);
  const least = (positives.length * (positives.length + 1)) / 2;

  return (sum(ranks) - least) / (positives.length * negatives.length);
}

/** Rank correlation of two lists of equal length, -1..1; NaN when either is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(midRanks(a), midRanks(b));
}

/**
 * Mean squared distance of `probabilities` (0..1) from what became of them, mean (p − y)²: 0..1, the
 * less the better. (Brier, 1950)
 */
export function brier(probabilities: readonly number[], outcomes: readonly boolean[]): number {
  return mean(probabilities.map((p, index) => (p - Number(outcomes[index])) ** 2));
}

/** The predictions that lie in one of the equally wide bins of 0..1. */
export interface CalibrationBin {
  /** Its lower end, which is in it; the upper end is in the next, and 1 in the last. */
  readonly low: number;
  readonly n: number;
  /** Mean probability, and the share of what came true; NaN when `n` is 0. */
  readonly predicted: number;
  readonly observed: number;
}

/** What became of `probabilities` (0..1), in 10 bins of equal width, the lowest first. */
export function calibration(
  probabilities: readonly number[],
  outcomes: readonly boolean[],
): CalibrationBin[] {
  const binOf = (p: number): number => Math.min(BINS - 1, Math.floor(p * BINS));

  return Array.from({ length: BINS }, (_, bin) => {
    const inside = [...probabilities.keys()].filter(
      (at) => binOf(probabilities[at] ?? NaN) === bin,
    );

    return {
      low: bin / BINS,
      n: inside.length,
      predicted: mean(inside.map((at) => probabilities[at] ?? NaN)),
      observed: share(inside.map((at) => outcomes[at] ?? false)),
    };
  });
}

/**
 * Expected calibration error, 0..1: Σ n/N · |observed − predicted| over 10 bins of equal width.
 * (Naeini, Cooper and Hauskrecht, 2015)
 */
export function ece(probabilities: readonly number[], outcomes: readonly boolean[]): number {
  const gaps = calibration(probabilities, outcomes)
    .filter(({ n }) => n > 0)
    .map(({ n, predicted, observed }) => n * Math.abs(observed - predicted));

  return sum(gaps) / probabilities.length;
}

/** The smallest value that at least `percent` (above 0, up to 100) of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const ascending = values.toSorted((a, b) => a - b);

  return ascending[Math.ceil((percent / 100) * ascending.length) - 1] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The share of `values` that are true, 0..1. */
export function share(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function pearson(a: readonly number[], b: readonly number[]): number {
  const [fromA, fromB] = [centred(a), centred(b)];
  const product = (x: readonly number[], y: readonly number[]): number =>
    sum(x.map((value, index) => value * (y[index] ?? NaN)));

  return product(fromA, fromB) / Math.sqrt(product(fromA, fromA) * product(fromB, fromB));
}

function centred(values: readonly number[]): number[] {
  const middle = mean(values);

  return values.map((value) => value - middle);
}

/** Ranks from 1, in the order of `values`; equal values share the mean of their ranks. */
function midRanks(values: readonly number[]): number[] {
  const ascending = values.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  ascending.forEach((value, index) => {
    if (!first.has(value)) first.set(value, index + 1);
    last.set(value, index + 1);
  });

  return values.map((value) => ((first.get(value) ?? NaN) + (last.get(value) ?? NaN)) / 2);
}
