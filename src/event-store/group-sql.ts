import type { Sql } from '#database';
import type { Append } from './event-store.js';
import { address, type Known, type KnownCommand } from './judge.js';

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

/** What a group writes, as `es.append` reads it. */
export interface Rows {
  readonly commands: readonly object[];
  readonly streams: readonly object[];
  readonly events: readonly object[];
}

/** One statement for `es.append`, which gives the position of the last event; 0 when there is none. */
export const APPEND = 'select es.append($1, $2, $3) as position';
/** The same as a transaction of its own; null when something stood in its way. */
export const TRY_TO_APPEND = 'select es.try_to_append($1, $2, $3) as position';

export const valuesOf = ({ commands, streams, events }: Rows): string[] =>
  [commands, streams, events].map((rows) => JSON.stringify(rows));

/** The database refused what was looked up too early, or was only presumed. */
export function isOvertaken(error: unknown): boolean {
  const { code, schema, table } = error as Record<'code' | 'schema' | 'table', unknown>;
  const isStream = schema === 'es' && table === 'stream';

  return code === 'OM001' || (code === '23505' && isStream);
}

export const commandRows = (accepted: readonly Append[]): object[] =>
  accepted.flatMap(({ caller: { namespace }, keys, result }) =>
    keys.map(({ name, hash, keptHours }) => ({
      namespace,
      key: name,
      hash,
      result,
      hours: keptHours,
    })),
  );

export function streamRows(
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
        after: after.get(key),
      });
    }
  }
  // In one order for everybody, so that two processes do not wait for each other's.
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
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
