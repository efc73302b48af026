import { randomNumbers } from './made-executions.js';

const [FEWEST, MOST] = [3, 12];

/**
 * Texts of 3 to 12 sentences of others, drawn anew for each, so that words are as often as people say
 * them and no text comes twice: the same for the same seed.
 */
export function* madeTexts(
  sentences: readonly string[],
  seed: number,
): Generator<string, never, undefined> {
  const random = randomNumbers(seed);
  const below = (end: number): number => Math.floor(random() * end);
  for (;;) {
    const count = FEWEST + below(MOST - FEWEST + 1);
    yield Array.from({ length: count }, () => sentences[below(sentences.length)] ?? '').join('. ');
  }
}

/** The next so many of them. */
export const some = (texts: Iterator<string, never, undefined>, count: number): string[] =>
  Array.from({ length: count }, () => texts.next().value);
