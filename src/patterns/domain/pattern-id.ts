import { nameBasedId } from '#kernel';
import type { Key, PatternType } from './key.js';

/** Of a key that is looked at again and again its ids are worked out once. */
const known = new WeakMap<Key, Map<string, string>>();

/** The id of the pattern that a key makes: the same in every replay. */
export function patternIdOf(namespace: string, type: PatternType, key: Key): string {
  const ids = known.get(key) ?? new Map<string, string>();
  const name = `${type} ${namespace}`;
  const id = ids.get(name) ?? nameBasedId(JSON.stringify([namespace, type, key]));
  known.set(key, ids.set(name, id));

  return id;
}

/** The id of a key in the learner's tables. */
export const keyIdOf = (namespace: string, key: Key): string =>
  nameBasedId(JSON.stringify([namespace, key]));
