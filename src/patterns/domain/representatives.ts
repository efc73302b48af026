import type { Likeness } from './likeness.js';

/**
 * The texts that stand best for all of them: first the medoid (the one most like all others), then
 * those most like the rest that are least like the ones chosen before, as k-medoids are seeded
 * (Kaufman and Rousseeuw, 1987, BUILD).
 * @returns places in the texts, at most `count`
 */
export function medoidsOf(likeness: Likeness, count: number): number[] {
  /** How like the nearest chosen text each text is. */
  const covered = new Float64Array(likeness.length);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, likeness.length)) {
    const gains = likeness.map((row) => gainOf(row, covered));
    const best = gains.indexOf(Math.max(...gains));
    if ((gains[best] ?? 0) < MIN_GAIN) break;
    chosen.push(best);
    likeness[best]?.forEach((like, at) => {
      covered[at] = Math.max(covered[at] ?? 0, like);
    });
  }

  return chosen;
}

/** How much likeness a text adds to what is covered. */
function gainOf(likeness: Float64Array, covered: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < likeness.length; at += 1) {
    sum += Math.max(0, (likeness[at] ?? 0) - (covered[at] ?? 0));
  }

  return sum;
}

/** One that adds less than itself says what another one says already. */
const MIN_GAIN = 0.5;
