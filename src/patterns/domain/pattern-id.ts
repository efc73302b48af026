import { nameBasedId } from '#kernel';
import type { Key, PatternType } from './key.js';

/** The id of the pattern that a key makes on one side: the same in every replay. */
export const patternIdOf = (namespace: string, side: PatternType, key: Key): string =>
  nameBasedId(JSON.stringify([namespace, side, key]));

/** The id of a key in the learner's tables. */
export const keyIdOf = (namespace: string, key: Key): string =>
  nameBasedId(JSON.stringify([namespace, key]));
