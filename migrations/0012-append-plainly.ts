import { Migration } from '@mikro-orm/migrations';
import { APPEND, TRY_TO_APPEND } from './0010-append.js';

/** The same appends for less: a new stream is a plain INSERT, and trying is one function, not two. */
export class AppendPlainly extends Migration {
  override up(): void {
    this.asLog(`
      create or replace function es.append(commands jsonb, streams jsonb, events jsonb)
      returns bigint language plpgsql as $$
      declare
        amount int;
        written int;
        updated int;
        last bigint;
      begin
        ${WRITE}
      end $$`);
    this.asLog(`
      create or replace function es.try_to_append(commands text, streams text, events text)
      returns bigint language plpgsql security definer set search_path = pg_catalog as $$
      declare
        amount int;
        written int;
        updated int;
        last bigint;
      begin
        declare
          commands constant jsonb := $1;
          streams constant jsonb := $2;
          events constant jsonb := $3;
        begin
          ${WRITE}
        end;
      exception when others then
        return null;
      end $$`);
  }

  override down(): void {
    this.asLog(APPEND.replace('create function', 'create or replace function'));
    this.asLog(TRY_TO_APPEND.replace('create function', 'create or replace function'));
  }

  /** Who owns a function has to be allowed to make one in its schema, for as long as that takes. */
  private asLog(statement: string): void {
    this.addSql('grant create on schema es to omoi_log');
    this.addSql('set local role omoi_log');
    this.addSql(statement);
    this.addSql('reset role');
    this.addSql('revoke create on schema es from omoi_log');
  }
}

/**
 * Writes keys, streams (in the order in which they are given, which is that of their locks), events and
 * texts, and returns the position of the last event (0 for none). It raises `OM001` when a key is there
 * or a stream is not at the version `before`, and a unique violation when one is there that was to be new;
 * nothing is written then. The head of the log is taken last, so that it is locked only while the
 * events are written, and positions are gapless in commit order.
 */
const WRITE = `
        if jsonb_array_length(commands) > 0 then
          insert into es.command as command (namespace, key, hash, result, expires_at)
          select row.namespace, row.key, row.hash, row.result,
                 clock_timestamp() + row.hours * interval '1 hour'
            from jsonb_to_recordset(commands)
                 as row(namespace text, key text, hash text, result jsonb, hours int)
           order by row.namespace, row.key
          on conflict (namespace, key) do update
             set hash = excluded.hash, result = excluded.result, expires_at = excluded.expires_at
           where command.expires_at <= clock_timestamp();
          get diagnostics written = row_count;
          if written < jsonb_array_length(commands) then
            raise exception 'A key is there already.' using errcode = 'OM001';
          end if;
        end if;
        amount := jsonb_array_length(events);
        if amount = 0 then
          return 0;
        end if;
        insert into es.stream (namespace, stream_id, stream_type, version)
        select row.namespace, row.stream_id, row.stream_type, row.after
          from jsonb_to_recordset(streams)
               as row(namespace text, stream_id text, stream_type text, before int, after int)
         where row.before = 0;
        get diagnostics written = row_count;
        if written < jsonb_array_length(streams) then
          update es.stream as stream set version = row.after
            from jsonb_to_recordset(streams)
                 as row(namespace text, stream_id text, before int, after int)
           where row.before > 0 and stream.namespace = row.namespace
             and stream.stream_id = row.stream_id and stream.version = row.before;
          get diagnostics updated = row_count;
          if written + updated < jsonb_array_length(streams) then
            raise exception 'A stream is at another version.' using errcode = 'OM001';
          end if;
        end if;
        with row as materialized (
          select * from jsonb_to_recordset(events)
            as row(nth int, namespace text, stream_id text, version int, event_id uuid, type text,
                   schema_version int, data jsonb, metadata jsonb, text jsonb, subject text)
        ), head as (
          update es.head as head set position = head.position + amount returning head.position
        ), recorded as (
          insert into es.event (position, namespace, stream_id, version, event_id, type,
                                schema_version, data, metadata, recorded_at)
          select head.position - amount + row.nth, row.namespace, row.stream_id, row.version,
                 row.event_id, row.type, row.schema_version, row.data, row.metadata,
                 clock_timestamp()
            from row cross join head
        ), said as (
          insert into es.text (event_id, namespace, subject, body)
          select row.event_id, row.namespace, row.subject, row.text
            from row
           where row.text is not null
        )
        select head.position into last from head;
        return last;`;
