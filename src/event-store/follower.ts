import type { Sql } from '#database';
import { DomainError } from '#kernel';
import type { StoredEvent } from './event-store.js';

/** How many events one transaction applies at most; texts may be long, so it is no more. */
export const BATCH = 400;
/** How often a batch is tried before its events are told apart. */
export const TRIES = 3;

/** What one step came to. */
export interface Step {
  /** How far in the log; 0 for work that is not reading it. */
  readonly checkpoint: bigint;
  readonly applied: number;
}

/** Work that comes in batches and is never done for good. */
export interface Worker {
  readonly name: string;
  /** One batch further; `applied` is 0 when there is nothing to do now. */
  step(): Promise<Step>;
  /** How long, in ms, its work may gather while nobody waits for it. */
  readonly gathers?: number;
  /** The service stops: give up what takes long, so that the step under way ends. */
  giveUp?(): void;
}

/** Somebody who reads the log from a checkpoint on. */
export interface Follower extends Worker {
  readonly kind: 'projection' | 'policy';
  /** SHA-256 over its code; null where it makes no rows that would have to be made anew. */
  readonly codeHash: string | null;
  /** The types of events it does something about; others it passes over unread. */
  readonly types: readonly string[];
  /** Whether an erasure is over only when it has read of it. */
  readonly erases: boolean;
  /** Whom it never overtakes. */
  readonly behind?: readonly string[];
  /**
   * Deals with an event that was set aside, in the transaction that forgets it.
   * @throws whatever stands in its way, still
   */
  retry(event: StoredEvent, forget: (sql: Sql) => Promise<void>): Promise<void>;
}

/** Whether an error says nothing about the event: the same may work in a moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return error.kind === 'unavailable';
  const { code } = error as { code?: unknown };

  return typeof code === 'string' && /^(40|53|57|55P03)/.test(code);
}
