import type { Evidence } from './key-state.js';
import { lineOf, nameOf, type ExtractedKey } from './key.js';

/** What a regex is searched in when nothing is known of an execution but its facts. */
export function bareLineOf({ keys }: Evidence): string {
  const type = keys.find((key) => key[0] === 'type');

  return lineOf(type?.[1] ?? '', null);
}

/**
 * Whether the words of an execution made it count for keys for which its facts alone do not, or kept
 * it from counting: then all that was concluded since rests on them. Of one taken back before a regex
 * was asked for it may say so in vain.
 */
export function restsOnWords(
  evidence: Evidence,
  extracted: readonly ExtractedKey[],
  finds: (regex: string, line: string) => boolean,
): boolean {
  if (evidence.signature !== null) return true;
  const bare = bareLineOf(evidence);
  if (evidence.line === bare) return false;
  const counted = new Set(evidence.keys.map(nameOf));

  return extracted.some((key) => finds(key[2], bare) !== counted.has(nameOf(key)));
}
