import { Z, type Interval } from './confidence.js';

/** From so many outcomes on a negative uplift is worth the eyes of people. */
const WORTH_FLAGGING = 100;
/** What is known of a rate before anything was seen: Beta(½, ½), after Jeffreys. */
const PRIOR = 0.5;

/** How tasks of one type ended: after suggestions that served a pattern, and otherwise. */
export interface Stratum {
  /** Suggestions whose outcome is known, one each. */
  readonly outcomes: number;
  readonly successes: number;
  /** Executions that followed no such suggestion. */
  readonly others: number;
  readonly otherSuccesses: number;
}

/** Whether tasks go better for those who were served a pattern. Shown to people, and nothing else. */
export interface Uplift {
  /** Of task types that were also done without it. */
  readonly outcomes: number;
  /** Posterior mean of the success rate, 0..1. */
  readonly with: number;
  /** The same of the executions without it, for the same mixture of types. */
  readonly without: number;
  /** `with` less `without`, −1..1. */
  readonly difference: number;
  /** 90 %, clamped to −1..1. */
  readonly interval: Interval;
  readonly flagged: boolean;
}

/**
 * The difference of two success rates, each a Beta posterior, and its 90 % interval by the moments of
 * both. Types are kept apart: the rate without is directly standardised to the types of the outcomes
 * (weights v = outcomes of a type ÷ outcomes), and counts for as many executions as a plain sample of
 * the same variance would have, 1 / Σ v²/n. Null while no type was done both ways.
 *
 * Sources: prior, L. Brown, T. Cai, A. DasGupta, "Interval Estimation for a Binomial Proportion"
 * (2001); effective size, L. Kish, "Survey Sampling" (1965), for standardised rates as in M. Fay, E.
 * Feuer, "Confidence intervals for directly standardized rates" (1997).
 */
export function upliftOf(strata: readonly Stratum[]): Uplift | null {
  const compared = strata.filter(({ outcomes, others }) => outcomes > 0 && others > 0);
  if (compared.length === 0) return null;
  const outcomes = sum(compared, (one) => one.outcomes);
  const served = beta(
    sum(compared, (one) => one.successes),
    outcomes,
  );
  const share = (one: Stratum): number => one.outcomes / outcomes;
  const rate = sum(compared, (one) => (share(one) * one.otherSuccesses) / one.others);
  const size = 1 / sum(compared, (one) => share(one) ** 2 / one.others);
  const otherwise = beta(rate * size, size);
  const difference = served.mean - otherwise.mean;
  const width = Z * Math.sqrt(served.variance + otherwise.variance);
  const interval = { low: clamped(difference - width), high: clamped(difference + width) };

  return {
    outcomes,
    with: served.mean,
    without: otherwise.mean,
    difference,
    interval,
    flagged: outcomes >= WORTH_FLAGGING && interval.high < 0,
  };
}

/** Mean and variance of the posterior of a rate. */
function beta(successes: number, n: number): { readonly mean: number; readonly variance: number } {
  const mean = (successes + PRIOR) / (n + 2 * PRIOR);

  return { mean, variance: (mean * (1 - mean)) / (n + 2 * PRIOR + 1) };
}

const sum = (strata: readonly Stratum[], of: (one: Stratum) => number): number =>
  strata.reduce((total, one) => total + of(one), 0);

const clamped = (difference: number): number => Math.min(1, Math.max(-1, difference));
