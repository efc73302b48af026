import type { CloudEvent } from '#kernel';

const SOURCE = 'urn:omoi:memory';

/** A notification as others are told it, and its place in the outbox. */
export interface Noted {
  readonly number: number;
  readonly event: CloudEvent;
}

export interface NotedRow {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly namespace: string;
  readonly position: string;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly schema_version: number;
}

/** Notifications, as `notedOf` reads them; a `where` follows. */
export const SELECT_NOTED = `
  select notice.number::float8 as number, notice.id, notice.type, notice.subject,
         es.iso(notice.at) as time, notice.data, notice.namespace, notice.position,
         notice.correlation_id, notice.causation_id, notice.schema_version
    from es.notification as notice`;

export const notedOf = (row: NotedRow): Noted => ({
  number: row.number,
  event: {
    specversion: '1.0',
    id: row.id,
    source: SOURCE,
    type: row.type,
    subject: row.subject,
    time: row.time,
    datacontenttype: 'application/json',
    data: row.data,
    namespace: row.namespace,
    position: row.position,
    correlationid: row.correlation_id,
    causationid: row.causation_id,
    schemaversion: row.schema_version,
  },
});
