import type { Sql } from '#database';
import type { Caller, DomainEvent } from '#kernel';
import type { StoredEvent } from './event-store.js';

type OfType<Event extends DomainEvent, Type extends string> = StoredEvent<
  Extract<Event, { type: Type }>
>;

/**
 * How events become rows: a pure reading of the log, which never argues. It gets runs of events, in
 * log order, so that a thousand of them can be one statement: neighbours of one type, or of several
 * that the same function handles. Events it does not name it passes over.
 */
export interface Projection<Event extends DomainEvent = DomainEvent, Rows = unknown> {
  readonly name: string;
  /** Rises with every change of what the rows say. */
  readonly version: number;
  /**
   * How long, in ms, it lets events gather before it applies them together; not while somebody waits
   * for it. 0 when left out.
   */
  readonly gathers?: number;
  /** The tables it alone writes, bound to the transaction that also moves its checkpoint. */
  readonly rows: (sql: Sql) => Rows;
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
