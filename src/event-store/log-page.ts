import type { Sql } from '#database';
import type { EventCatalog } from './event-catalog.js';
import { SELECT_EVENTS, toEvent, type EventRow } from './event-rows.js';
import type { StoredEvent } from './event-store.js';

/** What a follower has to look at next: the events of its types above `after` up to `to`. */
export interface LogPage {
  readonly after: bigint;
  readonly to: bigint;
  readonly events: readonly StoredEvent[];
}

/** Where to read, and what. */
interface Stretch {
  readonly types: readonly string[];
  readonly after: bigint;
  /** The last position to look at. */
  readonly until: bigint;
  /** How many events at most. */
  readonly limit: number;
}

/** The next events of some types; `to` is `until` when these are the last of them. */
export async function readPage(
  sql: Sql,
  catalog: EventCatalog,
  { types, after, until, limit }: Stretch,
): Promise<LogPage> {
  if (until <= after) return { after, to: after, events: [] };
  const rows = await sql.query<EventRow>(
    `${SELECT_EVENTS}
      where event.position > $1 and event.position <= $2 and event.type = any($3)
      order by event.position
      limit $4`,
    [after, until, types, limit],
  );
  const last = rows.at(-1);
  const isLastPage = rows.length < limit || last === undefined;

  return {
    after,
    to: isLastPage ? until : BigInt(last.position),
    events: rows.map((row) => catalog.upcast(toEvent(row))),
  };
}
