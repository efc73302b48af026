import type { Evidence } from './key-state.js';
import { lineOf, nameOf, taskTypeIn, type ExtractedKey } from './key.js';

/** What a regex is searched in when nothing is known of an execution but its facts. */
const bareLineOf = ({ keys }: Evidence): string => lineOf(taskTypeIn(keys), null);

/** An execution without its words: no error, and nothing to search in but its type. */
export const withoutWords = (evidence: Evidence): Evidence => ({
  ...evidence,
  signature: null,
  line: bareLineOf(evidence),
});

/**
 * The regexes that find an execution by its words and not by its facts, or the other way round. Of one
 * taken back before a regex was asked for it may be said in vain.
 */
export function movedByWords(
  evidence: Evidence,
  extracted: readonly ExtractedKey[],
  finds: (regex: string, line: string) => boolean,
): ExtractedKey[] {
  const bare = bareLineOf(evidence);
  if (evidence.line === bare) return [];
  const counted = new Set(evidence.keys.map(nameOf));

  return extracted.filter((key) => finds(key[2], bare) !== counted.has(nameOf(key)));
}
