import { narrowed, narrowedBy, type MemoryFilter } from './memory-filter.js';

/** Up to so many rows looking at the words of all of them is as fast as an index, and exact. */
export const EXACT_ROWS = 5_000;

/**
 * The same for their vectors: an index finds rows of everybody and leaves out what is not asked for, so
 * that its time grows with `total / rows`, while that of looking at all of them grows with `rows`; they
 * meet at a multiple of √total, measured among 100,000.
 * @param total rows of all tenants
 */
export const exactVectors = (total: number): number =>
  Math.max(EXACT_ROWS, Math.round(70 * Math.sqrt(total)));

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

/** Whether a whole namespace is looked at. */
export const isWhole = ({ filter, successOnly, exceptTask }: Among): boolean =>
  !successOnly && exceptTask === null && narrowedBy(filter).every(isOpen);

const isOpen = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);

/** The condition on the rows of `table`. */
export const among = (table: string): string => `${table}.namespace = $1
  and ${narrowed(table, 2)}
  and (${table}.success or not $9)
  and ($10::text is null or ${table}.task_id <> $10)`;
