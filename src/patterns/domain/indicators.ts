import { phrasesIn } from './phrases.js';

/** So many standard errors from "it says nothing". */
const MIN_Z = 3.5;
/** In so many texts at least. */
const MIN_TEXTS = 3;
const MOST = 8;
/** How many texts the prior is worth: that a phrase is as frequent on one side as on both together. */
const PRIOR_TEXTS = 4;

/** Phrases that tell how executions ended, the most telling first. */
export interface Indicators {
  readonly success: string[];
  readonly failure: string[];
}

interface Scored {
  readonly phrase: string;
  /** Above zero for success. */
  readonly z: number;
}

/**
 * The phrases that are in texts of one outcome much more often than in those of the other: log-odds with
 * an informative prior, over their standard error (Monroe, Colaresi and Quinn, 2008, "Fightin' Words"),
 * by the number of texts that have the phrase. None is an honest answer.
 */
export function indicatorsOf(
  successes: readonly string[],
  failures: readonly string[],
): Indicators {
  const succeeded = frequencies(successes);
  const failed = frequencies(failures);
  const scored: Scored[] = [];
  for (const phrase of new Set([...succeeded.keys(), ...failed.keys()])) {
    const [s, f] = [succeeded.get(phrase) ?? 0, failed.get(phrase) ?? 0];
    if (Math.max(s, f) < MIN_TEXTS) continue;
    const z = zOf({ with: s, of: successes.length }, { with: f, of: failures.length });
    if (Math.abs(z) >= MIN_Z) scored.push({ phrase, z });
  }

  return { success: telling(scored, 1), failure: telling(scored, -1) };
}

function frequencies(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const phrase of phrasesIn(text)) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }

  return counts;
}

interface Share {
  readonly with: number;
  readonly of: number;
}

/** The difference of the log-odds of a phrase on two sides, in standard errors. */
export function zOf(one: Share, other: Share): number {
  const share = (one.with + other.with + 0.5) / (one.of + other.of + 1);
  const [a, b] = [PRIOR_TEXTS * share, PRIOR_TEXTS * (1 - share)];
  const odds = ({ with: k, of: n }: Share): number => Math.log((k + a) / (n - k + b));
  const variance = ({ with: k, of: n }: Share): number => 1 / (k + a) + 1 / (n - k + b);

  return (odds(one) - odds(other)) / Math.sqrt(variance(one) + variance(other));
}

/** The most telling of one side; what shares its beginning or end with one of them says it again. */
function telling(scored: readonly Scored[], side: 1 | -1): string[] {
  const sorted = scored
    .filter(({ z }) => z * side > 0)
    .sort((a, b) => side * (b.z - a.z) || b.phrase.length - a.phrase.length || byText(a, b));
  const chosen: string[] = [];
  for (const { phrase } of sorted) {
    if (chosen.length === MOST) break;
    if (!chosen.some((other) => isAgain(phrase, other))) chosen.push(phrase);
  }

  return chosen;
}

const isAgain = (one: string, other: string): boolean =>
  isWithin(one, other) || isWithin(other, one) || goesOn(one, other) || goesOn(other, one);

const isWithin = (part: string, whole: string): boolean => ` ${whole} `.includes(` ${part} `);

/** Whether the last words of one phrase are the first of the other. */
function goesOn(one: string, other: string): boolean {
  const words = one.split(' ');

  return words.some((_word, at) => `${other} `.startsWith(`${words.slice(at).join(' ')} `));
}

const byText = (a: Scored, b: Scored): number => (a.phrase < b.phrase ? -1 : 1);
