import { bucketOf, counted, EMPTY, medianOf, middleOf, type Histogram } from './histogram.js';

/** In what an execution can be better than others of its type; the word is the claim. */
export type Metric = 'faster' | 'cheaper';

export const METRICS: readonly Metric[] = ['faster', 'cheaper'];

/** What may be measured of an execution. */
export interface Measurable {
  readonly success: boolean;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
}

/** What was measured of an execution by one metric. */
export interface Measure {
  /** Where its value is counted; null when it failed, or has none. */
  readonly bucket: number | null;
  /**
   * Whether it succeeded below the median of the successes of its type before it; null when it has no
   * value, or there was no median yet.
   */
  readonly isBetter: boolean | null;
}

export type Measures = Readonly<Record<Metric, Measure>>;
/** The values of the successes of one type. */
export type Histograms = Readonly<Record<Metric, Histogram>>;

const NOTHING: Measure = { bucket: null, isBetter: null };
export const UNMEASURED: Measures = { faster: NOTHING, cheaper: NOTHING };
export const NO_VALUES: Histograms = { faster: EMPTY, cheaper: EMPTY };

/** What is not worth telling apart: 10 ms, and a hundredth of a cent. */
const UNIT: Readonly<Record<Metric, number>> = { faster: 10, cheaper: 0.0001 };

const valueOf = (one: Measurable, metric: Metric): number | null =>
  metric === 'faster' ? one.durationMs : one.costUsd;

/** What an execution can be measured by. */
export const metricsOf = (one: Measurable): Metric[] =>
  METRICS.filter((metric) => valueOf(one, metric) !== null);

/** Holds an execution against the successes before it. */
export const measuresOf = (one: Measurable, before: Histograms): Measures => ({
  faster: measureOf(one, 'faster', before.faster),
  cheaper: measureOf(one, 'cheaper', before.cheaper),
});

function measureOf(one: Measurable, metric: Metric, before: Histogram): Measure {
  const value = valueOf(one, metric);
  if (value === null) return NOTHING;
  const bucket = bucketOf(value / UNIT[metric]);
  const median = medianOf(before);

  return {
    bucket: one.success ? bucket : null,
    isBetter: median === null ? null : one.success && bucket < median,
  };
}

/** With the values of one execution more, or less. */
export const withMeasures = (of: Histograms, measures: Measures, sign: 1 | -1): Histograms => ({
  faster: withMeasure(of.faster, measures.faster, sign),
  cheaper: withMeasure(of.cheaper, measures.cheaper, sign),
});

const withMeasure = (histogram: Histogram, { bucket }: Measure, sign: 1 | -1): Histogram =>
  bucket === null ? histogram : counted(histogram, bucket, sign);

/** Whether it leaves anything in a histogram. */
export const isCounted = (measures: Measures): boolean =>
  METRICS.some((metric) => measures[metric].bucket !== null);

/** The median of a type's successes, in ms or US dollars and as near as its bucket says; null when there is none. */
export function medianValue(of: Histograms, metric: Metric): number | null {
  const median = medianOf(of[metric]);

  return median === null ? null : middleOf(median) * UNIT[metric];
}
