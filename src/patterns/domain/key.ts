import type { Metric } from './measure.js';

/** Which way executions end, or votes lean. */
export type Side = 'success' | 'failure';

/** What a pattern claims: that executions end one way, or that they are better than others of their type. */
export type PatternType = Side | 'optimization';

/** What executions have in common: the first word says in which way. */
export type Key =
  | readonly ['root']
  | readonly ['prefix', prefix: string]
  | readonly ['agent', agent: string]
  | TypeKey
  | SignatureKey
  | ExtractedKey
  | MeasuredKey;

/** One type, and what executions of it differ in. */
type TypeKey =
  | readonly ['type', taskType: string]
  | readonly ['agent_type', agent: string, taskType: string]
  | readonly ['type_tag', taskType: string, tag: string]
  | readonly ['type_tool', taskType: string, tool: string];

/** The claim of a signature: so large a share of the failures look like this. */
export type SignatureKey =
  | readonly ['type_signature', taskType: string, signature: string]
  | readonly ['agent_type_signature', agent: string, taskType: string, signature: string];

/** What somebody asked to be counted. */
export type ExtractedKey = readonly ['extracted', side: Side, regex: string];

/** Executions that could be held against the median of their type: what succeeds below it counts as a success. */
export type MeasuredKey = readonly [metric: Metric, ...of: TypeKey];

/** What the learner reads of an execution. */
export interface Labels {
  readonly taskType: string;
  readonly agent: string | null;
  readonly tags: readonly string[];
  readonly tools: readonly string[];
  readonly success: boolean;
  /** The template of the error; null where there was none. */
  readonly signature: string | null;
}

/** So many tags, and so many tools, of one execution make keys. */
const MOST_LABELS = 8;

export const ROOT: Key = ['root'];

/** Equal keys have equal names. */
export const nameOf = (key: Key): string => JSON.stringify(key);

/** The type up to its first `_` or `/`; null when there is none, or nothing before it. */
export const prefixOf = (taskType: string): string | null =>
  /^([^_/]+)[_/]/.exec(taskType)?.[1] ?? null;

/** Everything an execution counts for, parents before children; extracted keys come after these. */
export function keysOf(labels: Labels): Key[] {
  const { taskType, agent, success, signature } = labels;
  const prefix = prefixOf(taskType);
  const failure = success ? null : signature;

  return [
    ROOT,
    ...(prefix === null ? [] : [['prefix', prefix] as const]),
    ['type', taskType],
    ...(agent === null
      ? []
      : ([
          ['agent', agent],
          ['agent_type', agent, taskType],
        ] as const)),
    ...labelKeysOf(labels),
    ...(failure === null ? [] : [['type_signature', taskType, failure] as const]),
    ...(failure === null || agent === null
      ? []
      : [['agent_type_signature', agent, taskType, failure] as const]),
  ];
}

/** What an execution counts for when it is measured, the whole type first; after all other keys but the extracted. */
export function measuredKeysOf(labels: Labels, metrics: readonly Metric[]): MeasuredKey[] {
  const { taskType, agent } = labels;
  const keys: TypeKey[] = [
    ['type', taskType],
    ...(agent === null ? [] : [['agent_type', agent, taskType] as const]),
    ...labelKeysOf(labels),
  ];

  return metrics.flatMap((metric) => keys.map((key): MeasuredKey => [metric, ...key]));
}

const labelKeysOf = ({ taskType, tags, tools }: Labels): TypeKey[] => [
  ...counted(tags).map((tag) => ['type_tag', taskType, tag] as const),
  ...counted(tools).map((tool) => ['type_tool', taskType, tool] as const),
];

/** The distinct ones by UTF-16 code unit, first sorted and then cut. */
const counted = (labels: readonly string[]): string[] =>
  [...new Set(labels)].sort().slice(0, MOST_LABELS);

/** Whose rates a key's confidence begins with: the mean of them; none for what others are only compared with. */
export function parentsOf(key: Key): readonly Key[] {
  switch (key[0]) {
    case 'type': {
      const prefix = prefixOf(key[1]);
      return prefix === null ? [ROOT] : [['prefix', prefix]];
    }
    case 'agent_type':
      return [['agent', key[1]], comparedWith(key)];
    default:
      return isOnlyCompared(key) ? [] : [comparedWith(key)];
  }
}

/** The keys that the rate of a key depends on, parents before children; none for the root. */
export function ancestorsOf(key: Key): Key[] {
  const all = parentsOf(key).flatMap((parent) => [...ancestorsOf(parent), parent]);

  return parentsFirst([...new Map(all.map((one) => [nameOf(one), one])).values()]);
}

/** Whose votes, less its own, the gate holds a key's votes against. */
export function comparedWith(key: Key): Key {
  if (isMeasured(key)) return [key[0], 'type', taskTypeOf(key) ?? ''];
  if (key[0] === 'agent_type') return ['type', key[2]];

  return key[0] === 'type_tag' || key[0] === 'type_tool' ? ['type', key[1]] : ROOT;
}

/** Every kind, parents before children. */
const KINDS: readonly Key[0][] = [
  'root',
  'prefix',
  'type',
  'agent',
  'agent_type',
  'type_tag',
  'type_tool',
  'type_signature',
  'agent_type_signature',
  'faster',
  'cheaper',
  'extracted',
];

const placeOf = (key: Key): number =>
  KINDS.indexOf(key[0]) + (isMeasured(key) ? KINDS.indexOf(key[1]) / KINDS.length : 0);

/** The order in which rates have to be settled. */
export const parentsFirst = (keys: readonly Key[]): Key[] =>
  keys.toSorted((a, b) => placeOf(a) - placeOf(b));

/** The type that a key is about; null when it is about several. */
export function taskTypeOf(key: Key): string | null {
  if (isMeasured(key)) return taskTypeOf(measuredIn(key));
  switch (key[0]) {
    case 'type':
    case 'type_tag':
    case 'type_tool':
    case 'type_signature':
      return key[1];
    case 'agent_type':
    case 'agent_type_signature':
      return key[2];
    default:
      return null;
  }
}

/** The type of an execution that counts for these keys. */
export const taskTypeIn = (keys: readonly Key[]): string =>
  keys.find((key) => key[0] === 'type')?.[1] ?? '';

/** The regex of the task types that a key is about, as patterns are known by it. */
export function taskTypePatternOf(key: Key): string {
  if (key[0] === 'extracted') return key[2];
  if (key[0] === 'prefix') return `^${escaped(key[1])}[_/]`;
  const taskType = taskTypeOf(key);

  return taskType === null ? '.*' : `^${escaped(taskType)}$`;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const isSignature = (key: Key): key is SignatureKey =>
  key[0] === 'type_signature' || key[0] === 'agent_type_signature';

export const isMeasured = (key: Key): key is MeasuredKey =>
  key[0] === 'faster' || key[0] === 'cheaper';

/** Whose executions a key measures. */
export function measuredIn([, ...of]: MeasuredKey): TypeKey {
  return of;
}

/** Everything, and all that is measured of a type: they make no pattern. */
export const isOnlyCompared = (key: Key): boolean =>
  key[0] === 'root' || (isMeasured(key) && key[1] === 'type');

/** What the pattern of a key is called when its votes lean to a side. */
export const patternTypeOf = (key: Key, side: Side): PatternType =>
  isMeasured(key) ? 'optimization' : side;

/** What the failures of a signature's key show. */
export const signatureIn = (key: SignatureKey): string =>
  key[0] === 'type_signature' ? key[2] : key[3];

/** Votes are counted once an agent's task for agents, and once a task for all others. */
export function votersOf(key: Key): 'agent' | 'task' {
  const [kind] = isMeasured(key) ? measuredIn(key) : key;

  return kind === 'agent' || kind === 'agent_type' ? 'agent' : 'task';
}

/** In UTF-16 units: a regex of a namespace is searched in every execution that is stored there. */
const LONGEST_LINE = 2_000;

/**
 * What a regex is searched in: type and description in one line, its white space single blanks; its
 * beginning, when it is long.
 */
export const lineOf = (taskType: string, description: string | null): string =>
  `${taskType} ${description ?? ''}`
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')
    .slice(0, LONGEST_LINE)
    .toWellFormed();
