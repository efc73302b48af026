import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { EventCatalog } from './event-catalog.js';
import { SELECT_EVENTS, toEvent, type EventRow } from './event-rows.js';
import type { StoredEvent } from './event-store.js';

/** What to look for in the log of one namespace; null does not narrow. */
export interface EventFilter {
  readonly stream: string | null;
  readonly type: string | null;
  /** RFC 3339: only what was recorded after it. */
  readonly since: string | null;
}

/** An event as an admin sees it: as the present code reads it, and the version it was written in. */
export interface BrowsedEvent {
  readonly event: StoredEvent;
  readonly writtenAs: number;
  /** Whether it had a text that is gone. */
  readonly isErased: boolean;
}

/** Looks into the log. */
@Injectable()
export class EventBrowser {
  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
  ) {}

  /** In log order, `limit` at most, with a position above `after`. */
  async browse(
    namespace: string,
    { stream, type, since }: EventFilter,
    after: bigint,
    limit: number,
  ): Promise<BrowsedEvent[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<EventRow>(
        `${SELECT_EVENTS}
          where event.namespace = $1 and event.position > $2
            and ($3::text is null or event.stream_id = $3)
            and ($4::text is null or event.type = $4)
            and ($5::timestamptz is null
                 or date_trunc('milliseconds', event.recorded_at) > $5)
          order by event.position
          limit $6`,
        [namespace, after, stream, type, since, limit],
      ),
    );

    return rows.map((row) => ({
      event: this.catalog.upcast(toEvent(row)),
      writtenAs: row.schema_version,
      isErased: row.text === null && this.catalog.hasText(row.type),
    }));
  }
}
