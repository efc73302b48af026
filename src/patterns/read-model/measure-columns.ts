import type { Measures } from '../domain/measure.js';

/** What was measured of an execution, as columns of `learner_executions`. */
export interface MeasureColumns {
  readonly duration_bucket: number | null;
  readonly is_faster: boolean | null;
  readonly cost_bucket: number | null;
  readonly is_cheaper: boolean | null;
}

export const measuresIn = (row: MeasureColumns): Measures => ({
  faster: { bucket: row.duration_bucket, isBetter: row.is_faster },
  cheaper: { bucket: row.cost_bucket, isBetter: row.is_cheaper },
});

export const measureColumns = ({ faster, cheaper }: Measures): MeasureColumns => ({
  duration_bucket: faster.bucket,
  is_faster: faster.isBetter,
  cost_bucket: cheaper.bucket,
  is_cheaper: cheaper.isBetter,
});
