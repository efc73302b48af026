import { wordsIn } from './phrases.js';

/** So many texts are compared with each other at most: the newest. */
const MOST_COMPARED = 100;

/** Words with their weights, of length one. */
type Vector = ReadonlyMap<string, number>;

/**
 * The texts that stand best for all of them: first the medoid (the one most like all others), then
 * those most like the rest that are least like the ones chosen before, as k-medoids are seeded
 * (Kaufman and Rousseeuw, 1987, BUILD). Texts are as like each other as their words are, by the cosine
 * of their TF-IDF weights; no model, so that the same log says the same for ever.
 * @param texts newest first
 * @returns places in `texts`, at most `count`
 */
export function representativesOf(texts: readonly string[], count: number): number[] {
  const vectors = vectorsOf(texts.slice(0, MOST_COMPARED));
  const likeness = vectors.map((one) => vectors.map((other) => cosine(one, other)));
  /** How like the nearest chosen text each text is. */
  const covered = vectors.map(() => 0);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, vectors.length)) {
    const gains = likeness.map((row) =>
      row.reduce((sum, like, at) => sum + Math.max(0, like - (covered[at] ?? 0)), 0),
    );
    const best = gains.indexOf(Math.max(...gains));
    if ((gains[best] ?? 0) < MIN_GAIN) break;
    chosen.push(best);
    likeness[best]?.forEach((like, at) => {
      covered[at] = Math.max(covered[at] ?? 0, like);
    });
  }

  return chosen;
}

/** One that adds less than itself says what another one says already. */
const MIN_GAIN = 0.5;

function vectorsOf(texts: readonly string[]): Vector[] {
  const bags = texts.map((text) => new Set(wordsIn(text)));
  const frequency = new Map<string, number>();
  for (const bag of bags) {
    for (const word of bag) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const weight = (word: string): number =>
    Math.log(1 + texts.length / (frequency.get(word) ?? texts.length));

  return bags.map((bag) => {
    const norm = Math.sqrt([...bag].reduce((sum, word) => sum + weight(word) ** 2, 0));
    return new Map([...bag].map((word) => [word, weight(word) / norm]));
  });
}

function cosine(one: Vector, other: Vector): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let sum = 0;
  for (const [word, weight] of small) sum += weight * (large.get(word) ?? 0);

  return sum;
}
