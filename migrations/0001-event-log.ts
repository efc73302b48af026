import { Migration } from '@mikro-orm/migrations';

/** Any number serves: roles belong to the whole cluster, so two databases must not make them at once. */
const ROLES_LOCK = 7_301_847;

/** The roles, the log, its forgettable texts, command keys, checkpoints and the embedding cache. */
export class EventLog extends Migration {
  override up(): void {
    this.roles();
    this.log();
    this.rights();
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop schema es cascade');
  }

  private roles(): void {
    this.addSql(`select pg_advisory_xact_lock(${String(ROLES_LOCK)})`);
    this.addSql(`
      do $$
      declare name text;
      begin
        foreach name in array array['omoi_owner', 'omoi_log', 'omoi_projector', 'omoi_app'] loop
          if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
          end if;
          -- From 16 on, who makes a role may grant it, and only then take it on.
          if not pg_has_role(current_user, name,
               case when current_setting('server_version_num')::int < 160000
                    then 'member' else 'set' end) then
            execute format('grant %I to %I', name, current_user);
          end if;
        end loop;
      end $$`);
    this.addSql('create extension if not exists vector');
    this.addSql('grant create, usage on schema public to omoi_owner');
    this.addSql('grant usage on schema public to omoi_log, omoi_projector, omoi_app');
    this.addSql('create schema es authorization omoi_owner');
    this.addSql('set local role omoi_owner');
  }

  private log(): void {
    this.addSql(`
      create function es.iso(moment timestamptz) returns text language sql stable parallel safe as
      $$ select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$`);
    this.addSql(`
      create table es.head (
        only_row boolean primary key default true check (only_row),
        position bigint not null
      ) with (fillfactor = 10)`);
    this.addSql('insert into es.head (position) values (0)');
    this.addSql(`
      create table es.stream (
        namespace text not null, stream_id text not null, stream_type text not null,
        version int not null, erased_at timestamptz,
        primary key (namespace, stream_id)
      )`);
    this.addSql(`
      create table es.event (
        position bigint primary key,
        namespace text not null, stream_id text not null, version int not null,
        event_id uuid not null unique, type text not null, schema_version int not null,
        data jsonb not null, metadata jsonb not null, recorded_at timestamptz not null,
        unique (namespace, stream_id, version)
      )`);
    this.addSql('create index event_type on es.event (type, position)');
    this.addSql(`
      create table es.text (
        event_id uuid primary key, namespace text not null, subject text, body jsonb not null
      )`);
    this.addSql('create index text_subject on es.text (namespace, subject)');
    this.addSql(`
      create table es.command (
        namespace text not null, key text not null, hash text not null, result jsonb not null,
        expires_at timestamptz,
        primary key (namespace, key)
      )`);
    this.addSql('create index command_expiry on es.command (expires_at)');
    this.addSql(`
      create table es.projection (
        name text not null, version int not null,
        status text not null check (status in ('building', 'active', 'retired', 'failed')),
        checkpoint bigint not null, code_hash text, owner text, error text,
        updated_at timestamptz not null default now(),
        primary key (name, version)
      ) with (fillfactor = 50)`);
    this.addSql(`
      create table es.embedding_cache (
        model_key text not null, text_sha256 text not null, vector vector not null,
        truncated boolean not null,
        primary key (model_key, text_sha256)
      )`);
  }

  private rights(): void {
    for (const table of ['stream', 'event', 'text', 'command']) {
      this.addSql(`alter table es.${table} enable row level security`);
      this.addSql(`alter table es.${table} force row level security`);
      this.addSql(
        `create policy tenant on es.${table} to omoi_app
           using (namespace = current_setting('omoi.namespace', true))`,
      );
      this.addSql(
        `create policy everybody on es.${table} to omoi_log, omoi_projector, omoi_owner
           using (true) with check (true)`,
      );
    }
    this.addSql('grant usage on schema es to omoi_log, omoi_projector, omoi_app');
    this.addSql('grant execute on function es.iso(timestamptz) to omoi_projector, omoi_app');
    this.addSql('grant select on es.stream, es.event, es.text, es.command to omoi_app');
    this.addSql('grant select, insert on es.event, es.text to omoi_log');
    this.addSql('grant select, insert, update on es.stream, es.command, es.head to omoi_log');
    this.addSql('grant select on es.head, es.stream, es.event, es.text to omoi_projector');
    this.addSql('grant select, insert, update on es.projection to omoi_projector');
    this.addSql('grant select, insert on es.embedding_cache to omoi_projector');
  }
}
