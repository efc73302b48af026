import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();
/** More regexes than a process meets in an hour; past it the oldest is compiled anew. */
const MOST_COMPILED = 1_000;

/**
 * Whether a regex (RE2 syntax) is found anywhere in a line, in time linear in both: whoever writes the
 * regex cannot make it slow.
 * @throws Error when it does not compile.
 */
export function isFound(regex: string, line: string): boolean {
  return compile(regex).matcher(line).find();
}

/** Why a regex cannot be used; null when it can. */
export function refusalOf(regex: string): string | null {
  try {
    compile(regex);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function compile(regex: string): RE2JS {
  const known = compiled.get(regex);
  if (known) return known;
  const made = RE2JS.compile(regex);
  const [oldest] = compiled.keys();
  if (compiled.size >= MOST_COMPILED && oldest !== undefined) compiled.delete(oldest);
  compiled.set(regex, made);

  return made;
}
