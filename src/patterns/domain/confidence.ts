import { PRIOR_WEIGHT } from './gate.js';

/** How many observations a person's word is worth. */
export const FEEDBACK_WEIGHT = 2;
/** How many executions the rate of agent and type is worth to a task's own history. */
const TASK_WEIGHT = 3;
/** Of the standard normal distribution: 90 % lie within. */
export const Z = 1.645;

/** What one actor last said of a pattern. */
export interface Said {
  readonly helpful: boolean;
  /** Added to the confidence, −0.2..0.2. */
  readonly adjustment: number;
}

/** A share of `n` observations with what it is served as; all 0..1, but `lower` may be below. */
export interface Confidence {
  readonly confidence: number;
  readonly lower: number;
  /** Observations behind it: executions, and two for each actor's word. */
  readonly observations: number;
}

/** A success rate shrunk towards that of the parents (beta-binomial posterior mean). */
export const posterior = (successes: number, executions: number, prior: number): number =>
  (successes + PRIOR_WEIGHT * prior) / (executions + PRIOR_WEIGHT);

/** The half-width of the 90 % interval of a posterior mean (normal approximation). */
const spread = (p: number, observations: number): number =>
  Z * Math.sqrt((p * (1 - p)) / (observations + 1));

/** The confidence of a claim with what people said of it: `share` of `n` observations held. */
export function withFeedback(share: number, n: number, said: Iterable<Said>): Confidence {
  const words = [...said];
  const heard = FEEDBACK_WEIGHT * words.length;
  const helpful = FEEDBACK_WEIGHT * words.filter((word) => word.helpful).length;
  const adjusted = words.reduce((sum, { adjustment }) => sum + adjustment, 0);
  const blended = (share * (n + PRIOR_WEIGHT) + helpful) / (n + PRIOR_WEIGHT + heard);
  const confidence = clamped(blended + adjusted);
  const observations = n + heard;

  return {
    confidence,
    lower: confidence - spread(confidence, observations + PRIOR_WEIGHT),
    observations,
  };
}

/** 90 %, clamped to 0..1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function intervalOf({
  confidence,
  lower,
}: Pick<Confidence, 'confidence' | 'lower'>): Interval {
  return { low: clamped(lower), high: clamped(2 * confidence - lower) };
}

/**
 * The probability that the next execution succeeds: the rate of its agent and type, blended with what
 * became of this very task before.
 * @param rate 0..1
 * @param n executions behind `rate`
 */
export function predicted(
  rate: number,
  n: number,
  task: { readonly successes: number; readonly executions: number },
): { readonly probability: number; readonly interval: Interval } {
  const { successes, executions } = task;
  const probability = (successes + TASK_WEIGHT * rate) / (executions + TASK_WEIGHT);
  const width = spread(probability, n + executions + PRIOR_WEIGHT);

  return {
    probability,
    interval: { low: clamped(probability - width), high: clamped(probability + width) },
  };
}

const clamped = (value: number): number => Math.min(1, Math.max(0, value));
