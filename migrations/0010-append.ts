import { Migration } from '@mikro-orm/migrations';

/** Appends as one statement, planned once a connection. */
export class Append extends Migration {
  override up(): void {
    // Who owns a function has to be allowed to make one in its schema, for as long as that takes.
    this.addSql('grant create on schema es to omoi_log');
    this.addSql('set local role omoi_log');
    this.addSql(APPEND);
    this.addSql(TRY_TO_APPEND);
    for (const name of ['append', 'try_to_append']) {
      this.addSql(`revoke execute on function es.${name} from public`);
    }
    this.addSql('reset role');
    this.addSql('revoke create on schema es from omoi_log');
  }

  override down(): void {
    this.addSql('drop function es.try_to_append');
    this.addSql('drop function es.append');
  }
}

/**
 * Writes keys, streams, events and texts, and gives the position of the last event (0 for none). It
 * raises `OM001`, and nothing is written, when a key is there or a stream is not at the version
 * `before`. The head of the log is taken last, so that it is locked only while the events are written,
 * and positions are gapless in commit order.
 */
export const APPEND = `
  create function es.append(commands jsonb, streams jsonb, events jsonb) returns bigint
  language plpgsql as $$
  declare
    written int;
    amount constant int := jsonb_array_length(events);
    last bigint;
  begin
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
    if amount = 0 then
      return 0;
    end if;
    with row as materialized (
      select * from jsonb_to_recordset(streams)
        as row(namespace text, stream_id text, stream_type text, before int, after int)
    )
    insert into es.stream as stream (namespace, stream_id, stream_type, version)
    select row.namespace, row.stream_id, row.stream_type, row.after
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
                                and row.stream_id = excluded.stream_id);
    get diagnostics written = row_count;
    if written < jsonb_array_length(streams) then
      raise exception 'A stream is at another version.' using errcode = 'OM001';
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
    return last;
  end $$`;

/**
 * The same in the name of its owner, so that one round trip is a whole transaction; null, and nothing is
 * written, whatever stands in its way: who looks first will see what that is. It takes texts, because a
 * text that is no JSON has to stand in its way as well.
 */
export const TRY_TO_APPEND = `
  create function es.try_to_append(commands text, streams text, events text) returns bigint
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    return es.append(commands::jsonb, streams::jsonb, events::jsonb);
  exception when others then
    return null;
  end $$`;
