import { narrowed, narrowedBy, type MemoryFilter } from './memory-filter.js';

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
): unknown[] => [namespace, ...narrowedBy(filter), successOnly, exceptTask];

/** The condition on the rows of `table`. */
export const among = (table: string): string => `${table}.namespace = $1
  and ${narrowed(table, 2)}
  and (${table}.success or not $9)
  and ($10::text is null or ${table}.task_id <> $10)`;
