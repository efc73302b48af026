import type { Sql } from '#database';

/** What others are to be told because of an event. Ids and numbers only: it outlives erased texts. */
export interface Outgoing {
  /** Always the same for the same thing, so that it is told once however often it is put here. */
  readonly id: string;
  readonly type: string;
  /** The id of what it is about. */
  readonly subject: string;
  /** Of the event that it follows from. */
  readonly position: bigint;
  /** RFC 3339; that of the event when left out. */
  readonly at?: string;
  readonly data: Readonly<Record<string, boolean | number | string>>;
}

export type Tell = (outgoing: readonly Outgoing[]) => void;

/**
 * Writes what is to be told, with the transaction that it follows from, and never before. Numbers have
 * no gaps and follow the order of commits: whoever has seen one has seen all before it. For that the
 * counter is taken, and held until the commit; so this comes last.
 */
export async function putIntoOutbox(sql: Sql, outgoing: readonly Outgoing[]): Promise<void> {
  if (outgoing.length === 0) return;
  // Whoever is told a number may go on from there: it has to be on the disk first.
  await sql.query('set local synchronous_commit to default');
  const rows = outgoing.map((one, turn) => ({ ...one, position: String(one.position), turn }));
  await sql.query(
    `with fresh as (
       select row.id, row.type, row.subject, row.position, row.data, event.namespace,
              event.event_id, event.metadata ->> 'correlation_id' as correlation_id,
              coalesce(row.at, event.recorded_at) as at,
              row_number() over (order by row.position, row.turn) as nth
         from jsonb_to_recordset($1::jsonb)
              as row(turn int, id uuid, type text, subject text, position bigint, at timestamptz,
                     data jsonb)
         join es.event as event on event.position = row.position
        where not exists (select 1 from es.notification as known where known.id = row.id)
     ), head as (
       update es.notification_head as head
          set number = head.number + (select count(*) from fresh)
       returning head.number - (select count(*) from fresh) as before
     )
     insert into es.notification
            (number, id, namespace, type, subject, position, at, correlation_id, causation_id, data)
     select head.before + fresh.nth, fresh.id, fresh.namespace, fresh.type, fresh.subject,
            fresh.position, fresh.at, fresh.correlation_id, fresh.event_id, fresh.data
       from fresh
      cross join head`,
    [JSON.stringify(rows)],
  );
}
