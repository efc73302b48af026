/** In Unicode code points: what was done stands at the beginning, and the work stays bounded. */
const LOOKED_AT = 2_000;
/** In words. */
const LONGEST = 3;
/** What turns the meaning of the next word around: together they are one. */
const NEGATIONS = new Set(['no', 'not', 'never', 'without', 'cannot', 'nor']);

/**
 * The words of a text, in order: small letters, what varies (numbers, codes) left out. A negated word is
 * another word: "not passed" never counts as "passed".
 */
export function wordsIn(text: string): string[] {
  const words: string[] = [];
  let negation = '';
  for (const [found] of beginningOf(text).toLowerCase().matchAll(WORD)) {
    const word = found.replaceAll('’', "'");
    if (isNegation(word)) negation = negation || word;
    else {
      words.push(negation === '' ? word : `${negation} ${word}`);
      negation = '';
    }
  }

  return words;
}

const beginningOf = (text: string): string =>
  text.length <= LOOKED_AT
    ? text
    : Array.from(text.slice(0, 2 * LOOKED_AT))
        .slice(0, LOOKED_AT)
        .join('');

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’_.-][\p{L}\p{M}]+)*/gu;

const isNegation = (word: string): boolean => NEGATIONS.has(word) || word.endsWith("n't");

/** The phrases of a text, by its words: one to three neighbouring ones, each once, the shortest first. */
export function phrasesIn(words: readonly string[]): Set<string> {
  const phrases = new Set<string>();
  for (let length = 1; length <= LONGEST; length += 1) {
    for (let at = 0; at + length <= words.length; at += 1) {
      phrases.add(words.slice(at, at + length).join(' '));
    }
  }

  return phrases;
}
