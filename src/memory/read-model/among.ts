import type { MemoryFilter } from './memory-filter.js';

/** Up to so many rows looking at all of them is as fast as an index, and exact. */
export const EXACT_ROWS = 5_000;

/** Among which executions is looked. */
export interface Among {
  readonly filter: MemoryFilter;
  readonly successOnly: boolean;
  /** The task that is left out, because it is the one that asks. */
  readonly exceptTask: string | null;
}

/** `$1` to `$10` of `among`. */
export const amongValues = (
  namespace: string,
  { filter, successOnly, exceptTask }: Among,
): unknown[] => [
  namespace,
  filter.task_type,
  filter.agent_id,
  filter.phase_id,
  filter.tags,
  filter.tools,
  filter.occurred_from,
  filter.occurred_to,
  successOnly,
  exceptTask,
];

/** The condition on the rows of `table`; what is not given is gone before anything is planned. */
export const among = (table: string): string => `${table}.namespace = $1
  and ($2::text is null or ${table}.task_type = $2)
  and ($3::text is null or ${table}.agent_id = $3)
  and ($4::text is null or ${table}.phase_id = $4)
  and (cardinality($5::text[]) = 0 or ${table}.tags @> $5)
  and (cardinality($6::text[]) = 0 or ${table}.tools @> $6)
  and ($7::timestamptz is null or ${table}.occurred_at >= $7)
  and ($8::timestamptz is null or ${table}.occurred_at <= $8)
  and (${table}.success or not $9)
  and ($10::text is null or ${table}.task_id <> $10)`;
