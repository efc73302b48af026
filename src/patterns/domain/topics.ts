import { indicatorsOf } from './indicators.js';
import { likenessAmong, type Likeness } from './likeness.js';
import { medoidsOf } from './representatives.js';
import { Vocabulary } from './vocabulary.js';

/** Fewer texts are one topic. */
const MIN_TEXTS = 20;
const MOST_TOPICS = 5;
/** What fewer texts have in common is an accident. */
const MIN_TEXTS_OF_TOPIC = 5;

/** Texts about one thing. */
export interface Topic {
  /** What they say much more often than the other texts, the most telling first. */
  readonly phrases: readonly string[];
  /** Places in the texts; the medoid first. */
  readonly texts: readonly number[];
}

/**
 * The topics of texts, the first to be seeded first: each text goes to the medoid that it is most like
 * (the first step of k-medoids, seeded as `medoidsOf` does; no chance in it). A medoid that fewer than
 * five texts go to, or that no phrase tells from the rest, is given up, the last first, and its texts
 * go to the others. One topic alone is none.
 * @param texts newest first; those are looked at that `likeness` is of
 */
export function topicsOf(
  texts: readonly string[],
  vocabulary = new Vocabulary(),
  likeness = likenessAmong(texts, vocabulary),
): Topic[] {
  const compared = texts.slice(0, likeness.length);
  if (compared.length < MIN_TEXTS) return [];
  let medoids = medoidsOf(likeness, MOST_TOPICS);
  while (medoids.length > 1) {
    const topics = groupsOf(likeness, medoids).map((group) => ({
      phrases: phrasesOf(group, compared, vocabulary),
      texts: group,
    }));
    const weak = topics.findLast(isNone)?.texts[0];
    if (weak === undefined) return topics;
    medoids = medoids.filter((medoid) => medoid !== weak);
  }

  return [];
}

const isNone = ({ phrases, texts }: Topic): boolean =>
  texts.length < MIN_TEXTS_OF_TOPIC || phrases.length === 0;

/** Each text with the medoid it is most like, the earlier where it is as like two; medoids first. */
function groupsOf(likeness: Likeness, medoids: readonly number[]): number[][] {
  const groups = medoids.map((medoid) => [medoid]);
  likeness.forEach((row, at) => {
    const likes = medoids.map((medoid) => row[medoid] ?? 0);
    const most = Math.max(...likes);
    if (most > 0 && !medoids.includes(at)) groups[likes.indexOf(most)]?.push(at);
  });

  return groups;
}

/** What the texts of one group say, and the others do not. */
function phrasesOf(
  group: readonly number[],
  texts: readonly string[],
  vocabulary: Vocabulary,
): readonly string[] {
  const within = new Set(group);
  const [own, others] = [true, false].map((isOwn) =>
    texts.filter((_text, at) => within.has(at) === isOwn),
  );

  return indicatorsOf(own ?? [], others ?? [], vocabulary).success;
}
