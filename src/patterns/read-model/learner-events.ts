import type { StoredEvent } from '#event-store';
import type { ContextWasSuggested, ExecutionStored, MemoryErased, MemoryRevoked } from '#memory';
import type { Moment } from '../domain/conclusions.js';
import type { Said } from '../domain/confidence.js';
import type { ExtractedKey } from '../domain/key.js';
import type { Execution } from '../domain/learner.js';
import type { PatternEvent } from '../domain/pattern.events.js';
import { signatureOf } from '../domain/signature.js';

/** What the learner reads of the log. */
export type LearnerEvent =
  ExecutionStored | MemoryRevoked | MemoryErased | ContextWasSuggested | PatternEvent;

/** What people decide. */
export const DECISIONS: readonly PatternEvent['type'][] = [
  'pattern.extracted',
  'pattern.feedback_given',
  'pattern.retired',
  'pattern.restored',
];

export const LEARNER_EVENTS: readonly LearnerEvent['type'][] = [
  'memory.execution_stored',
  'memory.revoked',
  'memory.erased',
  'context.suggested',
  ...DECISIONS,
];

/** What is folded, event by event; an extraction reads all executions, and a context is only counted. */
export type Folded = Exclude<LearnerEvent, { type: 'context.suggested' | 'pattern.extracted' }>;

export const isFolded = (event: StoredEvent<LearnerEvent>): event is StoredEvent<Folded> =>
  event.type !== 'context.suggested' && event.type !== 'pattern.extracted';

export type Of<Type extends LearnerEvent['type']> = StoredEvent<
  Extract<LearnerEvent, { type: Type }>
>;

/** A filter for the events of one type. */
export const is =
  <Type extends LearnerEvent['type']>(type: Type) =>
  (event: StoredEvent<LearnerEvent>): event is Of<Type> =>
    event.type === type;

/**
 * Events that are folded together, in order. What people decide is about what was there before, so that
 * has to be saved first; and so it is with what is erased.
 */
export function groupsOf(
  events: readonly StoredEvent<LearnerEvent>[],
): StoredEvent<LearnerEvent>[][] {
  const groups: StoredEvent<LearnerEvent>[][] = [];
  for (const event of events) {
    const group = groups.at(-1);
    const kind = kindOf(event);
    if (group?.[0] && kind !== 'decision' && kind === kindOf(group[0])) group.push(event);
    else groups.push([event]);
  }
  return groups;
}

function kindOf({ type }: StoredEvent<LearnerEvent>): 'execution' | 'decision' | 'erasure' {
  if (type === 'memory.erased') return 'erasure';

  return type.startsWith('pattern.') ? 'decision' : 'execution';
}

/** What somebody asked to be counted. */
export const extractedIn = ({ data }: Of<'pattern.extracted'>): ExtractedKey => [
  'extracted',
  data.pattern_type,
  data.task_type_pattern,
];

export const momentOf = ({ position, recordedAt, type }: StoredEvent): Moment => ({
  position,
  at: recordedAt,
  cause: type,
});

/** What somebody said of a pattern, as it counts. */
export const saidIn = ({
  helpful,
  confidence_adjustment,
}: Of<'pattern.feedback_given'>['data']): Said => ({
  helpful,
  adjustment: confidence_adjustment ?? 0,
});

/** The executions that may be learned from. */
export const executionsIn = (events: readonly StoredEvent<LearnerEvent>[]): Execution[] =>
  events
    .filter(is('memory.execution_stored'))
    .filter(({ data }) => data.auto_extract_patterns)
    .map(executionOf);

/** An execution as the learner reads it. Where its texts were erased, its facts still count. */
export function executionOf({ data, text }: Of<'memory.execution_stored'>): Execution {
  return {
    memoryId: data.memory_id,
    task: data.task_id,
    taskType: data.task_type,
    description: text?.description ?? null,
    agent: data.agent_id,
    success: data.success,
    tags: data.tags,
    tools: data.tools,
    signature: data.success ? null : signatureOf(text?.error_patterns),
    isEcho: data.suggestion_id !== null,
    durationMs: data.duration_ms,
    costUsd: data.cost_usd,
  };
}
