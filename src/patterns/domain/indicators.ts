import { Vocabulary, type Wording } from './vocabulary.js';

/** So many standard errors from "it says nothing". */
const MIN_Z = 3.5;
/** The same by the word, which has only to show that it is not for the length of the texts. */
const MIN_Z_BY_WORD = 2;
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

/** The texts of one outcome. */
interface Side {
  readonly texts: number;
  /** In all of them together. */
  readonly words: number;
  /** In how many texts each phrase is, by its number. */
  readonly having: Uint32Array;
}

/**
 * The phrases that are in texts of one outcome much more often than in those of the other, by the text
 * and by the word: where failures are told at length and successes are not, every common word is in more
 * of the failures, and tells nothing. None is an honest answer.
 */
export function indicatorsOf(
  successes: readonly string[],
  failures: readonly string[],
  vocabulary = new Vocabulary(),
): Indicators {
  const read = (texts: readonly string[]): Wording[] =>
    texts.map((text) => vocabulary.wordingOf(text));
  const [said, saidOfFailures] = [read(successes), read(failures)];
  const succeeded = sideOf(said, vocabulary.size);
  const failed = sideOf(saidOfFailures, vocabulary.size);
  const scored: Scored[] = [];
  for (let number = 0; number < vocabulary.size; number += 1) {
    const [s, f] = [succeeded.having[number] ?? 0, failed.having[number] ?? 0];
    if (Math.max(s, f) < MIN_TEXTS) continue;
    const z = zOf({ with: s, of: succeeded.texts }, { with: f, of: failed.texts });
    const byWord = zOfRates({ with: s, of: succeeded.words }, { with: f, of: failed.words });
    if (Math.abs(z) >= MIN_Z && Math.sign(z) * byWord >= MIN_Z_BY_WORD)
      scored.push({ phrase: vocabulary.phraseOf(number), z });
  }

  return { success: telling(scored, 1), failure: telling(scored, -1) };
}

function sideOf(wordings: readonly Wording[], phrases: number): Side {
  const having = new Uint32Array(phrases);
  let words = 0;
  for (const wording of wordings) {
    words += wording.length;
    for (const phrase of wording.phrases) having[phrase] = (having[phrase] ?? 0) + 1;
  }

  return { texts: wordings.length, words, having };
}

interface Share {
  readonly with: number;
  readonly of: number;
}

/**
 * The difference of the log-odds of a phrase on two sides, with an informative prior, in standard errors
 * (Monroe, Colaresi and Quinn, 2008, "Fightin' Words"), by the number of texts that have it.
 */
export function zOf(one: Share, other: Share): number {
  const share = (one.with + other.with + 0.5) / (one.of + other.of + 1);
  const [a, b] = [PRIOR_TEXTS * share, PRIOR_TEXTS * (1 - share)];
  const odds = ({ with: k, of: n }: Share): number => Math.log((k + a) / (n - k + b));
  const variance = ({ with: k, of: n }: Share): number => 1 / (k + a) + 1 / (n - k + b);

  return (odds(one) - odds(other)) / Math.sqrt(variance(one) + variance(other));
}

/**
 * How far the rates of two Poisson counts, texts that have a phrase over words said, are from being one
 * rate: the signed root of the likelihood ratio, given both counts together (a binomial then; McCullagh
 * and Nelder, 1989, "Generalized Linear Models", §4.4.3). In standard errors, above zero when the first
 * is higher.
 */
export function zOfRates(one: Share, other: Share): number {
  const [counts, words] = [one.with + other.with, one.of + other.of];
  const part = ({ with: k, of: n }: Share): number =>
    k === 0 ? 0 : k * Math.log((k * words) / (counts * n));
  const root = Math.sqrt(Math.max(0, 2 * (part(one) + part(other))));

  return one.with * other.of < other.with * one.of ? -root : root;
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
