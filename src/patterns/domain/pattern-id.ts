import { nameBasedId } from '#kernel';
import { nameOf, type Key, type PatternType } from './key.js';

/** The ids of keys that come again and again are worked out once. */
const known = new Map<string, string>();
/** So many are kept, some 10 MB; then it begins anew. */
const MOST_KNOWN = 50_000;

/** The id of the pattern that a key makes: the same in every replay. */
export const patternIdOf = (namespace: string, type: PatternType, key: Key): string =>
  idOf(`[${JSON.stringify(namespace)},"${type}",${nameOf(key)}]`);

/** The id of a key in the learner's tables. */
export const keyIdOf = (namespace: string, key: Key): string =>
  idOf(`[${JSON.stringify(namespace)},${nameOf(key)}]`);

function idOf(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const id = nameBasedId(name);
  known.set(name, id);

  return id;
}
