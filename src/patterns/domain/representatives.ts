import { Vocabulary, type Wording } from './vocabulary.js';

/** So many texts are compared with each other at most: the newest. */
const MOST_COMPARED = 100;

/**
 * The texts that stand best for all of them: first the medoid (the one most like all others), then
 * those most like the rest that are least like the ones chosen before, as k-medoids are seeded
 * (Kaufman and Rousseeuw, 1987, BUILD). Texts are as like each other as their words are, by the cosine
 * of their TF-IDF weights; no model, so that the same log says the same for ever.
 * @param texts newest first
 * @returns places in `texts`, at most `count`
 */
export function representativesOf(
  texts: readonly string[],
  count: number,
  vocabulary = new Vocabulary(),
): number[] {
  const compared = texts.slice(0, MOST_COMPARED);
  const likeness = likenessOf(compared.map((text) => vocabulary.wordingOf(text)));
  /** How like the nearest chosen text each text is. */
  const covered = new Float64Array(compared.length);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, compared.length)) {
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

/**
 * The cosine of each text with each, by the words that are in both, each with the square of its inverse
 * document frequency, log(1 + texts / texts that have it).
 */
function likenessOf(wordings: readonly Wording[]): Float64Array[] {
  const likeness = wordings.map(() => new Float64Array(wordings.length));
  for (const texts of textsByWord(wordings)) {
    addToPairs(likeness, texts, Math.log(1 + wordings.length / texts.length) ** 2);
  }
  const norms = likeness.map((row, at) => Math.sqrt(row[at] ?? 0));
  likeness.forEach((row, one) => {
    for (let other = 0; other <= one; other += 1) {
      const shared = row[other] ?? 0;
      const cosine = shared === 0 ? 0 : shared / ((norms[one] ?? 0) * (norms[other] ?? 0));
      row[other] = cosine;
      const mirrored = likeness[other];
      if (mirrored) mirrored[one] = cosine;
    }
  });

  return likeness;
}

/** The places of the texts that have each word, in order. */
function textsByWord(wordings: readonly Wording[]): Iterable<readonly number[]> {
  const having = new Map<number, number[]>();
  wordings.forEach(({ words }, at) => {
    for (const word of words) {
      const texts = having.get(word);
      if (texts) texts.push(at);
      else having.set(word, [at]);
    }
  });

  return having.values();
}

/** Of each pair the row of the later has the sum. */
function addToPairs(sums: readonly Float64Array[], texts: readonly number[], weight: number): void {
  for (let place = 0; place < texts.length; place += 1) {
    const row = sums[texts[place] ?? 0];
    for (let at = 0; row && at <= place; at += 1) {
      const other = texts[at] ?? 0;
      row[other] = (row[other] ?? 0) + weight;
    }
  }
}
