import type { Status } from './key-state.js';
import { isSignature, signatureIn, type Key, type PatternType } from './key.js';

/** By kind; the words that complete "executions of …". */
const WORDS: Record<Key[0], (...parts: string[]) => string> = {
  root: () => 'all tasks',
  prefix: (prefix = '') => `all kinds of ${prefix}`,
  type: (type = '') => type,
  agent: (agent = '') => `agent ${agent}`,
  agent_type: (agent = '', type = '') => `${type} by agent ${agent}`,
  type_tag: (type = '', tag = '') => `${type} tagged ${tag}`,
  type_tool: (type = '', tool = '') => `${type} with the tool ${tool}`,
  type_signature: (type = '') => type,
  agent_type_signature: (agent = '', type = '') => `${type} by agent ${agent}`,
  extracted: (_side, regex = '') => `tasks that match ${regex}`,
};

/** What a key's executions have in common, in words that complete "executions of …". */
export function wordsOf([kind, ...parts]: Key): string {
  return WORDS[kind](...parts);
}

interface Counted {
  readonly successes: number;
  readonly executions: number;
}

export const succeeded = ({ successes, executions }: Counted, words: string): string =>
  `${ratio(successes, executions)} executions of ${words} succeeded.`;

const ratio = (part: number, whole: number): string => `${String(part)} of ${String(whole)}`;

/** A pattern as a sentence with its numbers. */
export interface Sayable extends Counted {
  readonly key: Key;
  readonly side: PatternType;
  readonly status: Status;
  /** Failures of the type (and agent) of a signature; 0 for all other keys. */
  readonly failures: number;
}

/** The claim and its evidence in one sentence; what is not proven says so first. */
export function sayPattern(pattern: Sayable): string {
  const { status } = pattern;

  return status === 'candidate' ? `Not proven yet: ${claim(pattern)}` : claim(pattern);
}

function claim({ key, side, successes, executions, failures }: Sayable): string {
  if (isSignature(key)) {
    return `${ratio(executions, failures)} failures of ${wordsOf(key)} showed "${signatureIn(key)}".`;
  }
  if (side === 'success') return succeeded({ successes, executions }, wordsOf(key));

  return `${ratio(executions - successes, executions)} executions of ${wordsOf(key)} failed.`;
}
