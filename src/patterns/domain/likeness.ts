import { Vocabulary, type Wording } from './vocabulary.js';

/** So many texts are compared with each other at most: the newest. */
const MOST_COMPARED = 100;

/** How like each text is to each, 0..1: as many rows as texts, and as many values in each. */
export type Likeness = readonly Float64Array[];

/**
 * The cosine of each text with each, by the words that are in both, each with the square of its inverse
 * document frequency, log(1 + texts / texts that have it); no model, so that the same log says the same
 * for ever.
 * @param texts newest first; the newest hundred are compared
 */
export function likenessAmong(texts: readonly string[], vocabulary = new Vocabulary()): Likeness {
  const wordings = texts.slice(0, MOST_COMPARED).map((text) => vocabulary.wordingOf(text));
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
