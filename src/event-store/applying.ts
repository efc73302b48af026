import type { Sql } from '#database';
import type { EventCatalog } from './event-catalog.js';
import type { StoredEvent } from './event-store.js';
import { putIntoOutbox, type Outgoing, type Tell } from './outbox.js';
import { park } from './parking.js';
import { Past } from './past.js';
import { runsOf, type Projection, type Reading } from './projection.js';

/** Which projection, and which version of its tables. */
export interface Versioned {
  readonly projection: Projection;
  readonly version: number;
  readonly reading: Reading;
  readonly catalog: EventCatalog;
}

/** So many events in a row are not at fault themselves. */
export const MOST_IN_A_ROW = 10;

/** Applies events in order, in runs, and puts what others are told of them into the outbox. */
export async function apply(
  sql: Sql,
  { projection, reading, catalog }: Versioned,
  events: readonly StoredEvent[],
): Promise<void> {
  const { on } = projection;
  const told: Outgoing[] = [];
  const tell: Tell = (outgoing) => told.push(...outgoing);
  const rows = projection.rows(sql, { reading, tell, past: new Past(sql, catalog) });
  for (const run of runsOf(events, on)) await on[run[0]?.type ?? '']?.(run, rows);
  // Last, because whoever else tells something has to wait from here on.
  if (reading === 'live') await putIntoOutbox(sql, told);
}

/** What became of events that were applied one by one. */
export interface ToldApart {
  /** Where those are that were set aside. */
  readonly parked: readonly bigint[];
  /** How many of the last ones failed, one after the other. */
  readonly failedInARow: number;
}

/**
 * Applies events one by one and sets aside those that cannot be applied, so that the others can.
 * @param before how many failed just before these
 * @throws whatever the last one threw, when ten in a row fail: then it is not the events' fault
 */
export async function applyOneByOne(
  sql: Sql,
  of: Versioned,
  events: readonly StoredEvent[],
  before = 0,
): Promise<ToldApart> {
  const parked: bigint[] = [];
  let failedInARow = before;
  for (const event of events) {
    const failure = await tryToApply(sql, of, event);
    failedInARow = failure === null ? 0 : failedInARow + 1;
    if (failure === null) continue;
    if (failedInARow >= MOST_IN_A_ROW) throw failure;
    await park(sql, of.projection.name, of.version, event.position, failure.message);
    parked.push(event.position);
  }

  return { parked, failedInARow };
}

/** Applies one event, or nothing of it; gives what it threw. */
export async function tryToApply(
  sql: Sql,
  of: Versioned,
  event: StoredEvent,
): Promise<Error | null> {
  await sql.query('savepoint one_event');
  try {
    await apply(sql, of, [event]);
    await sql.query('release savepoint one_event');
    return null;
  } catch (error) {
    await sql.query('rollback to savepoint one_event');
    return error as Error;
  }
}
