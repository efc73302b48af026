import type { Sql } from '#database';
import type { Caller, DomainEvent } from '#kernel';
import type { StoredEvent } from './event-store.js';
import type { Tell } from './outbox.js';
import type { Past } from './past.js';

type OfType<Event extends DomainEvent, Type extends string> = StoredEvent<
  Extract<Event, { type: Type }>
>;

/**
 * Whether events are read as they come, or again: a replay reads the same and tells nobody of it, has
 * no clock and calls no model.
 */
export type Reading = 'live' | 'replay';

/** What a projection has around it besides its events. */
interface Around {
  readonly reading: Reading;
  /** Into the outbox, in the same transaction; nowhere in a replay. */
  readonly tell: Tell;
  /** The log, for one that has to read all of it again when a text is gone. */
  readonly past: Past;
}

/** How something that people know differs between two versions of a projection; null where it is not. */
export interface Moved {
  readonly id: string;
  /** How sure it is, 0..1. */
  readonly before: number | null;
  readonly after: number | null;
  readonly status_before: string | null;
  readonly status_after: string | null;
}

/**
 * How events become rows: a pure reading of the log, which never argues. It gets runs of events, in
 * log order, so that a thousand of them can be one statement: neighbours of one type, or of several
 * that the same function handles. Events it does not name it passes over.
 */
export interface Projection<Event extends DomainEvent = DomainEvent, Rows = unknown> {
  readonly name: string;
  /** The file it is written in (`import.meta.url`): with all that this imports, its code. */
  readonly source: string;
  /**
   * The tables that it alone writes, without a schema: where they are differs while it is rebuilt. One
   * that has none and only tells others is listed as a policy, and never rebuilt.
   */
  readonly tables: readonly string[];
  /** Those among them that others write to as well; a rebuild does not compare them. */
  readonly queues?: readonly string[];
  /** Those whose living tables it reads: it never goes further than they are. */
  readonly behind?: readonly string[];
  /** Indexes that reading the log leans on; a rebuild makes all others at its end. */
  readonly needs?: readonly string[];
  /**
   * How long, in ms, it lets events gather before it applies them together; not while somebody waits
   * for it. 0 when left out.
   */
  readonly gathers?: number;
  /** Its tables, bound to the transaction that also moves its checkpoint. */
  readonly rows: (sql: Sql, around: Around) => Rows;
  /** Takes over, just before new tables go live, what was done beside the log meanwhile. */
  readonly settle?: (sql: Sql) => Promise<void>;
  /** Makes the views of its tables anew, just after new ones went live: they would follow the old. */
  readonly views?: (sql: Sql) => Promise<void>;
  /** What moved between the living tables (schema `public`) and the new ones (`es_building`). */
  readonly moved?: (sql: Sql) => Promise<readonly Moved[]>;
  readonly on: {
    readonly [Type in Event['type']]?: (
      events: readonly OfType<Event, Type>[],
      rows: Rows,
    ) => Promise<void>;
  };
}

/**
 * When that happened, do this: sends commands with the key it is given, so that it may act twice and
 * takes effect once.
 */
export interface Policy<Event extends DomainEvent = DomainEvent> {
  readonly name: string;
  /** Whether an erasure is over only when it has acted. */
  readonly erases?: boolean;
  readonly on: {
    readonly [Type in Event['type']]?: (
      event: OfType<Event, Type>,
      because: Because,
    ) => Promise<void>;
  };
}

/** Who a policy is when it sends a command: the caller of the event, under a key of its own. */
export interface Because {
  readonly caller: Caller;
  readonly causationId: string;
}

/** Consecutive events that the same function handles, kept together and in order. */
export function runsOf(events: readonly StoredEvent[], on: Projection['on']): StoredEvent[][] {
  const runs: StoredEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run?.[0] && on[run[0].type] === on[event.type]) run.push(event);
    else runs.push([event]);
  }
  return runs;
}
