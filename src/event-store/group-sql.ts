import type { Sql } from '#database';
import type { Append } from './event-store.js';
import { address, type Known, type KnownCommand } from './judge.js';

/** Another process wrote a key or a stream between looking and writing: look again. */
export class Overtaken extends Error {}

export async function lookUp(sql: Sql, group: readonly Append[]): Promise<Known> {
  const keys = group.flatMap(({ caller, keys }) =>
    keys.map(({ name }) => ({ namespace: caller.namespace, name })),
  );
  const streams = group.flatMap(({ caller, writes }) =>
    writes.map(({ stream }) => ({ namespace: caller.namespace, name: stream })),
  );
  const commands =
    keys.length === 0
      ? []
      : await sql.query<KnownCommand & { namespace: string; key: string }>(
          `select command.namespace, command.key, command.hash, command.result
             from es.command as command
             join jsonb_to_recordset($1::jsonb) as asked(namespace text, name text)
               on asked.namespace = command.namespace and asked.name = command.key
            where command.expires_at is null or command.expires_at > clock_timestamp()`,
          [JSON.stringify(keys)],
        );
  const versions = await sql.query<{ namespace: string; stream_id: string; version: number }>(
    `select stream.namespace, stream.stream_id, stream.version
       from es.stream as stream
      where (stream.namespace, stream.stream_id) in
            (select asked.namespace, asked.name
               from jsonb_to_recordset($1::jsonb) as asked(namespace text, name text))
      order by stream.namespace, stream.stream_id
        for update`,
    [JSON.stringify(streams)],
  );

  return {
    commands: new Map(commands.map((row) => [address(row.namespace, row.key), row])),
    versions: new Map(versions.map((row) => [address(row.namespace, row.stream_id), row.version])),
  };
}

export async function writeCommands(sql: Sql, accepted: readonly Append[]): Promise<void> {
  const rows = accepted.flatMap(({ caller, keys, result }) =>
    keys.map(({ name, hash, keptHours }) => ({
      namespace: caller.namespace,
      key: name,
      hash,
      result,
      hours: keptHours,
    })),
  );
  if (rows.length === 0) return;
  const written = await sql.query(
    `insert into es.command (namespace, key, hash, result, expires_at)
     select row.namespace, row.key, row.hash, row.result,
            clock_timestamp() + row.hours * interval '1 hour'
       from jsonb_to_recordset($1::jsonb)
            as row(namespace text, key text, hash text, result jsonb, hours int)
      order by row.namespace, row.key
     on conflict (namespace, key) do update
        set hash = excluded.hash, result = excluded.result, expires_at = excluded.expires_at
      where es.command.expires_at <= clock_timestamp()
     returning key`,
    [JSON.stringify(rows)],
  );
  if (written.length < rows.length) throw new Overtaken();
}

function streamRows(
  accepted: readonly Append[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): object[] {
  const rows = new Map<string, object>();
  for (const { caller, writes } of accepted) {
    for (const { stream } of writes.filter(({ events }) => events.length > 0)) {
      const key = address(caller.namespace, stream);
      rows.set(key, {
        namespace: caller.namespace,
        stream_id: stream,
        stream_type: stream.slice(0, stream.indexOf('-')),
        is_new: !before.has(key),
        version: after.get(key),
      });
    }
  }
  return [...rows.values()];
}

export async function writeStreams(
  sql: Sql,
  accepted: readonly Append[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = streamRows(accepted, before, after);
  const written = await sql.query(
    `with row as (
       select * from jsonb_to_recordset($1::jsonb)
         as row(namespace text, stream_id text, stream_type text, is_new boolean, version int)
     ), moved as (
       update es.stream as stream set version = row.version
         from row
        where not row.is_new
          and stream.namespace = row.namespace and stream.stream_id = row.stream_id
       returning 1
     ), opened as (
       insert into es.stream (namespace, stream_id, stream_type, version)
       select row.namespace, row.stream_id, row.stream_type, row.version
         from row
        where row.is_new
        order by row.namespace, row.stream_id
       on conflict (namespace, stream_id) do nothing
       returning 1
     )
     select 1 from moved union all select 1 from opened`,
    [JSON.stringify(rows)],
  );
  if (written.length < rows.length) throw new Overtaken();
}

export async function writeEvents(sql: Sql, rows: readonly object[]): Promise<bigint> {
  const numbered = rows.map((row, index) => ({ ...row, nth: index + 1 }));
  const [last] = await sql.query<{ position: string }>(
    `with row as materialized (
       select * from jsonb_to_recordset($1::jsonb)
         as row(nth int, namespace text, stream_id text, version int, event_id uuid, type text,
                schema_version int, data jsonb, metadata jsonb, text jsonb, subject text)
     ), head as (
       update es.head as head set position = head.position + $2 returning head.position - $2 as start
     ), recorded as (
       insert into es.event (position, namespace, stream_id, version, event_id, type,
                             schema_version, data, metadata, recorded_at)
       select head.start + row.nth, row.namespace, row.stream_id, row.version, row.event_id,
              row.type, row.schema_version, row.data, row.metadata, clock_timestamp()
         from row cross join head
     ), said as (
       insert into es.text (event_id, namespace, subject, body)
       select row.event_id, row.namespace, row.subject, row.text
         from row
        where row.text is not null
     )
     select head.start + $2 as position from head`,
    [JSON.stringify(numbered), numbered.length],
  );

  return BigInt(last?.position ?? 0);
}

/** Takes the texts away that go with these appends: the log's own role may add to it and no more. */
export async function forget(sql: Sql, accepted: readonly Append[]): Promise<void> {
  const rows = accepted.flatMap(({ caller: { namespace }, writes }) =>
    writes.flatMap(({ forgets = [] }) => forgets.map((event_id) => ({ namespace, event_id }))),
  );
  if (rows.length === 0) return;
  await sql.query('set local role omoi_owner');
  await sql.query(
    `with gone as (
       delete from es.text as text
        using jsonb_to_recordset($1::jsonb) as row(namespace text, event_id uuid)
        where text.namespace = row.namespace and text.event_id = row.event_id
       returning text.event_id
     )
     update es.stream as stream set erased_at = clock_timestamp()
       from gone
       join es.event as event on event.event_id = gone.event_id
      where stream.namespace = event.namespace and stream.stream_id = event.stream_id`,
    [JSON.stringify(rows)],
  );
}
