import type { Sql } from '#database';
import type { EventCatalog } from './event-catalog.js';
import { SELECT_EVENTS, toEvent, type EventRow } from './event-rows.js';
import type { StoredEvent } from './event-store.js';

/** Which part of the log: one namespace, some types, up to a position. */
interface Part {
  readonly namespace: string;
  readonly types: readonly string[];
  readonly until: bigint;
}

/** The log as a projection may read it again, within the transaction in which it writes. */
export class Past {
  constructor(
    private readonly sql: Sql,
    private readonly catalog: EventCatalog,
  ) {}

  /** From its beginning, `size` events at a time; as it is now, so without the texts erased since. */
  async *pages({ namespace, types, until }: Part, size: number): AsyncGenerator<StoredEvent[]> {
    let after = 0n;
    while (after < until) {
      const rows = await this.sql.query<EventRow>(
        `${SELECT_EVENTS}
          where event.position > $1 and event.position <= $2
            and event.namespace = $3 and event.type = any($4)
          order by event.position
          limit $5`,
        [after, until, namespace, types, size],
      );
      if (rows.length > 0) yield rows.map((row) => this.catalog.upcast(toEvent(row)));
      after = rows.length < size ? until : BigInt(rows.at(-1)?.position ?? until);
    }
  }
}
