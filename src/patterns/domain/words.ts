import type { Status } from './key-state.js';
import {
  isMeasured,
  isSignature,
  measuredIn,
  signatureIn,
  type Key,
  type PatternType,
} from './key.js';
import type { Metric } from './measure.js';

/** By kind; the words that complete "executions of …". */
const WORDS: Record<Exclude<Key[0], Metric>, (...parts: string[]) => string> = {
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
export function wordsOf(key: Key): string {
  if (isMeasured(key)) return wordsOf(measuredIn(key));
  const [kind, ...parts] = key;

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
  /** Of the successes of its type by now, in ms or US dollars; null when nothing is measured, or there is none. */
  readonly median: number | null;
}

/** The claim and its evidence in one sentence; what is not proven says so first. */
export function sayPattern(pattern: Sayable): string {
  const { status } = pattern;

  return status === 'candidate' ? `Not proven yet: ${claim(pattern)}` : claim(pattern);
}

function claim({ key, side, successes, executions, failures, median }: Sayable): string {
  if (isSignature(key)) {
    return `${ratio(executions, failures)} failures of ${wordsOf(key)} showed "${signatureIn(key)}".`;
  }
  if (isMeasured(key)) {
    const now = median === null ? '' : `, now about ${AMOUNTS[key[0]](median)}`;
    return `${ratio(successes, executions)} executions of ${wordsOf(key)} ${BETTER[key[0]]}${now}.`;
  }
  if (side === 'success') return succeeded({ successes, executions }, wordsOf(key));

  return `${ratio(executions - successes, executions)} executions of ${wordsOf(key)} failed.`;
}

const BETTER: Readonly<Record<Metric, string>> = {
  faster: 'succeeded faster than the median',
  cheaper: 'succeeded for less than the median',
};

const AMOUNTS: Readonly<Record<Metric, (value: number) => string>> = {
  faster: time,
  cheaper: (dollars) => `$${rounded(dollars)}`,
};

/** Each unit, in ms, up to twice the next. */
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
];

function time(ms: number): string {
  const [name, unit] = UNITS.findLast(([, least], nth) => nth === 0 || ms >= 2 * least) ?? [
    'ms',
    1,
  ];

  return `${rounded(ms / unit)} ${name}`;
}

/** A median is known as near as its bucket: two digits are enough. */
const rounded = (value: number): string => String(Number(value.toPrecision(2)));
