import type { Side } from './key.js';
import { lnBeta } from './ln-gamma.js';

/** How many executions the rate of its parents is worth to a key. */
export const PRIOR_WEIGHT = 4;

/** Odds for "it differs" that make a pattern active; doubled by each demotion. */
const ODDS = 100;
/** Fewer votes than these, of the key or of the others, decide nothing. */
const MIN_VOTES = 3;
/** A difference of rates smaller than this is not worth a pattern. */
const MIN_DIFFERENCE = 0.05;

/** First executions of tasks: how many succeeded, and how many there were. */
export interface Votes {
  readonly successes: number;
  readonly votes: number;
}

/** What the gate says of a key. */
export interface Weighed {
  /** The log Bayes factor; null when there are too few votes. */
  readonly lnE: number | null;
  /** The success rate of the others, 0..1. */
  readonly base: number;
  /** The side of its votes; null without votes. */
  readonly leans: Side | null;
  readonly passes: boolean;
}

/**
 * ln of the Bayes factor of "this key differs from the others" (beta-binomial around their rate, worth
 * four votes) against "it does not" (one rate for both), rounded half up to 1e-6. It may be looked at
 * after every vote: by Ville's inequality it exceeds ln(100) by chance for at most 1 % of keys, ever.
 */
export function logBayesFactor(own: Votes, others: Votes): number {
  const [s, f] = [own.successes, own.votes - own.successes];
  const [a, b] = [others.successes + 0.5, others.votes - others.successes + 0.5];
  const m = a / (a + b);
  const [alpha, beta] = [PRIOR_WEIGHT * m, PRIOR_WEIGHT * (1 - m)];
  const differs = lnBeta(alpha + s, beta + f) - lnBeta(alpha, beta);
  const exact = differs - lnBeta(a + s, b + f) + lnBeta(a, b);

  return Math.floor(exact * 1e6 + 0.5) / 1e6;
}

/** Holds a key's votes since its last restart against those of everybody else. */
export function weigh(own: Votes, others: Votes, demotions: number): Weighed {
  const base = (others.successes + 0.5) / (others.votes + 1);
  const rate = (own.successes + PRIOR_WEIGHT * base) / (own.votes + PRIOR_WEIGHT);
  const isEnough = Math.min(own.votes, others.votes) >= MIN_VOTES;
  const lnE = isEnough ? logBayesFactor(own, others) : null;
  const isProven = lnE !== null && lnE >= Math.log(ODDS * 2 ** demotions);

  return {
    lnE,
    base,
    leans: leaning(own, others),
    passes: isProven && Math.abs(rate - base) >= MIN_DIFFERENCE,
  };
}

/** In whole and half numbers, so that no tie is decided by rounding. */
function leaning(own: Votes, others: Votes): Side | null {
  if (own.votes === 0) return null;

  return own.successes * (others.votes + 1) >= (others.successes + 0.5) * own.votes
    ? 'success'
    : 'failure';
}
