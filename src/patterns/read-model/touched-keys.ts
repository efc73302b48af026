import type { Sql } from '#database';
import type { StoredEvent } from '#event-store';
import type { ExecutionStored, MemoryErased, MemoryRevoked } from '#memory';
import type { Key } from '../domain/key.js';
import type { PatternEvent } from '../domain/pattern.events.js';
import { LEARNER } from './learner.js';

/** What may change what a pattern says. */
export type DescribedEvent =
  | ExecutionStored
  | MemoryRevoked
  | MemoryErased
  | Extract<PatternEvent, { type: 'pattern.extracted' }>;

/** Keys about which something may have to be said anew, and how far the learner was who counted for them. */
export interface Touched {
  readonly keys: readonly TouchedKey[];
  readonly until: bigint;
}

/** A key about which something may have to be said anew. */
export interface TouchedKey {
  readonly id: string;
  readonly key: Key;
  /** That count for it by now. */
  readonly executions: number;
  /** How many of them its description is about; null when there is none. */
  readonly described: number | null;
}

/**
 * The keys whose description may depend on what some events of one namespace are about: those that
 * their executions count for, and the errors that were met at the same tasks. The learner has read
 * these events, and may be further, and go further until the next statement. The tables of the living
 * learner are meant, whatever is rebuilt.
 */
export async function touchedKeys(
  sql: Sql,
  namespace: string,
  events: readonly StoredEvent<DescribedEvent>[],
): Promise<Touched> {
  const taken = events.flatMap(({ type, data }) =>
    type === 'memory.revoked' || type === 'memory.erased' ? [data.memory_id] : [],
  );

  const rows = await sql.query<TouchedKey & { readonly until: string }>(TOUCHED, [
    namespace,
    events.map(({ position }) => String(position)),
    taken,
    events.some(({ type }) => type === 'memory.erased' || type === 'pattern.extracted'),
    LEARNER,
  ]);

  return { keys: rows, until: BigInt(rows[0]?.until ?? 0) };
}

const TOUCHED = `
  with execution as (
    select execution.position, execution.task_id
      from public.learner_executions as execution
     where execution.namespace = $1
       and (execution.position = any($2) or execution.memory_id = any($3))
  ), linked as (
    select evidence.key_id
      from execution
      join public.learner_evidence as evidence
        on evidence.namespace = $1 and evidence.position = execution.position
  ), met as (
    select evidence.key_id
      from execution
      join public.learner_executions as failed
        on failed.namespace = $1 and failed.task_id = execution.task_id
       and failed.signature is not null
      join public.learner_evidence as evidence
        on evidence.namespace = $1 and evidence.position = failed.position
      join public.learner_keys as key
        on key.namespace = $1 and key.id = evidence.key_id
     where key.kind in ('type_signature', 'agent_type_signature')
  ), worded as (
    -- What counted by its words alone is linked no more once those are erased.
    select key.id as key_id
      from public.learner_keys as key
     where key.namespace = $1 and $4 and key.kind = 'extracted'
    union
    select error.id
      from linked
      join public.learner_keys as type
        on type.namespace = $1 and type.id = linked.key_id and type.kind = 'type'
      join public.learner_keys as error
        on error.namespace = $1 and error.task_type = type.task_type
     where $4 and error.kind in ('type_signature', 'agent_type_signature')
  ), touched as (
    select key_id from linked union select key_id from met union select key_id from worded
  )
  select key.id, key.key, key.executions, said.described, learner.checkpoint as until
    from touched
    join es.projection as learner on learner.name = $5 and learner.status = 'active'
    join public.learner_keys as key on key.namespace = $1 and key.id = touched.key_id
    left join pattern_descriptions as said on said.namespace = $1 and said.key_id = key.id
   where key.kind <> 'root'
   order by key.id`;
