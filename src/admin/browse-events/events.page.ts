import { EventBrowser, type BrowsedEvent } from '#event-store';
import type { Caller } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { BrowseEventsQuery, EventResponse } from './browse-events.request.js';

const eventKey = z.tuple([z.int().min(0)]);

/** Pages through the log of the caller's namespace. */
@Injectable()
export class EventsPage {
  constructor(private readonly browser: EventBrowser) {}

  async read(
    { namespace }: Caller,
    { cursor, limit, stream, type, after = 0 }: BrowseEventsQuery,
  ): Promise<Page<EventResponse>> {
    const [begin = typeof after === 'number' ? after : 0] = decodeCursor(cursor, eventKey) ?? [];
    const since = typeof after === 'string' ? after : null;
    const rows = await this.browser.browse(
      namespace,
      { stream: stream ?? null, type: type ?? null, since },
      BigInt(begin),
      limit + 1,
    );

    return pageFrom(rows.map(answer), limit, ({ position }) => [position]);
  }
}

const answer = ({ event, writtenAs, isErased }: BrowsedEvent): EventResponse => ({
  position: Number(event.position),
  event_id: event.id,
  stream: event.stream,
  version: event.version,
  type: event.type,
  schema_version: writtenAs,
  data: event.data as Record<string, unknown>,
  text: (event.text as Record<string, unknown> | undefined) ?? null,
  erased: isErased,
  recorded_at: event.recordedAt,
  correlation_id: event.metadata.correlation_id,
  causation_id: event.metadata.causation_id,
  actor: event.metadata.actor,
});
