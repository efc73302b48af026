import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';

/** In instructions of the compiled regex: time is linear in these and in the text. */
const LONGEST_PROGRAM = 500;
/** All compiled regexes that are kept, in instructions. */
const MOST_KEPT = 200_000;

const compiled = new LRUCache<string, RE2JS>({
  maxSize: MOST_KEPT,
  sizeCalculation: (regex) => Math.max(1, regex.programSize()),
});

/**
 * Whether a regex (RE2 syntax) is found anywhere in a line, in time linear in both: whoever writes the
 * regex cannot make it slow.
 * @throws Error when it does not compile.
 */
export function isFound(regex: string, line: string): boolean {
  const known = compiled.get(regex) ?? RE2JS.compile(regex);
  compiled.set(regex, known);

  return known.matcher(line).find();
}

/** Why a regex cannot be used; null when it can. */
export function refusalOf(regex: string): string | null {
  try {
    return RE2JS.compile(regex).programSize() > LONGEST_PROGRAM
      ? 'it is too large; repeat less, or name fewer alternatives'
      : null;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message.replace('error parsing regexp: ', '');
  }
}
