import type { DomainEvent } from '#kernel';
import type { EventMetadata, StoredEvent, StreamName } from './event-store.js';

/** Events with their texts, as `toEvent` reads them; a `where` follows. */
export const SELECT_EVENTS = `
  select event.position, event.namespace, event.stream_id, event.version, event.event_id, event.type,
         event.schema_version, event.data, event.metadata, es.iso(event.recorded_at) as recorded_at,
         text.body as text
    from es.event as event
    left join es.text as text on text.event_id = event.event_id`;

export interface EventRow {
  readonly position: string;
  readonly namespace: string;
  readonly stream_id: string;
  readonly version: number;
  readonly event_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: DomainEvent['data'];
  readonly metadata: EventMetadata;
  readonly recorded_at: string;
  readonly text: object | null;
}

export function toEvent(row: EventRow): StoredEvent {
  return {
    type: row.type,
    data: row.data,
    ...(row.text === null ? {} : { text: row.text }),
    position: BigInt(row.position),
    namespace: row.namespace,
    stream: row.stream_id as StreamName,
    version: row.version,
    id: row.event_id,
    schemaVersion: row.schema_version,
    metadata: row.metadata,
    recordedAt: row.recorded_at,
  };
}
