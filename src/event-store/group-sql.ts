import type { Sql } from '#database';
import type { Append } from './event-store.js';
import { address, type Known, type KnownCommand } from './judge.js';

/** Another process wrote a key or a stream between looking and writing: look again. */
export class Overtaken extends Error {}

/** What is known about the keys and streams of a group; the streams are locked, in their order. */
export async function lookUp(sql: Sql, group: readonly Append[]): Promise<Known> {
  return { commands: await commandsOf(sql, group), versions: await versionsOf(sql, group) };
}

// Each name is looked up by itself, through the index: the planner takes several for a hundred, and
// would rather read the whole table.

async function commandsOf(sql: Sql, group: readonly Append[]): Promise<Known['commands']> {
  const keys = group.flatMap(({ caller, keys }) =>
    keys.map(({ name }) => ({ namespace: caller.namespace, name })),
  );
  if (keys.length === 0) return new Map();
  const rows = await sql.query<KnownCommand & { namespace: string; key: string }>(
    `select command.namespace, command.key, command.hash, command.result
       from jsonb_to_recordset($1::jsonb) as asked(namespace text, name text)
      cross join lateral (
        select * from es.command as command
         where command.namespace = asked.namespace and command.key = asked.name
           and (command.expires_at is null or command.expires_at > clock_timestamp())
         limit 1
      ) as command`,
    [JSON.stringify(keys)],
  );

  return new Map(rows.map((row) => [address(row.namespace, row.key), row]));
}

async function versionsOf(sql: Sql, group: readonly Append[]): Promise<Known['versions']> {
  const streams = group.flatMap(({ caller, writes }) =>
    writes.map(({ stream }) => ({ namespace: caller.namespace, name: stream })),
  );
  const rows = await sql.query<{ namespace: string; stream_id: string; version: number }>(
    `select stream.namespace, stream.stream_id, stream.version
       from (
         select distinct asked.namespace, asked.name
           from jsonb_to_recordset($1::jsonb) as asked(namespace text, name text)
          order by asked.namespace, asked.name
       ) as asked
      cross join lateral (
        select * from es.stream as stream
         where stream.namespace = asked.namespace and stream.stream_id = asked.name
         limit 1
           for update
      ) as stream`,
    [JSON.stringify(streams)],
  );

  return new Map(rows.map((row) => [address(row.namespace, row.stream_id), row.version]));
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
        before: before.get(key) ?? 0,
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
    `with row as materialized (
       select * from jsonb_to_recordset($1::jsonb)
         as row(namespace text, stream_id text, stream_type text, before int, version int)
     )
     insert into es.stream as stream (namespace, stream_id, stream_type, version)
     select row.namespace, row.stream_id, row.stream_type, row.version
       from row
      where row.before = 0 or row.before = (select there.version
                                              from es.stream as there
                                             where there.namespace = row.namespace
                                               and there.stream_id = row.stream_id)
      order by row.namespace, row.stream_id
     on conflict (namespace, stream_id) do update
        set version = excluded.version
      where stream.version = (select row.before
                                from row
                               where row.namespace = excluded.namespace
                                 and row.stream_id = excluded.stream_id)
     returning 1`,
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
