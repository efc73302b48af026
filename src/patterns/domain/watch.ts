/** What is enough to take a claim back. */
const LIMIT = 6;
/** So much lower than when it became active is what the watch looks out for. */
const DROP = 0.2;
const FLOOR = 0.02;

/** What was claimed when a pattern became active, on the side of the claim: 0..1. */
export interface Claim {
  /** Its confidence. */
  readonly rate: number;
  /** The rate of the others. */
  readonly base: number;
}

/**
 * One step of the CUSUM (Page, 1954) that watches an active pattern: the sum of the log likelihood
 * ratios of "the claim has fallen" against "it holds as it did", never below zero.
 * @param held whether the claim held for this execution
 */
export function watched(cusum: number, { rate, base }: Claim, held: boolean): number {
  const fallen = Math.max(FLOOR, Math.min(base, rate - DROP));
  const step = held ? Math.log(fallen / rate) : Math.log((1 - fallen) / (1 - rate));

  return Math.max(0, cusum + step);
}

export const isTooMuch = (cusum: number): boolean => cusum >= LIMIT;
