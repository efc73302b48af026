import { Migration } from '@mikro-orm/migrations';

/**
 * What an admin works with: rebuilds beside the living tables, events set aside, several versions of a
 * projection. Vectors get a queue of their own for each space and are read out of the log anew, from
 * the cache.
 */
export class AdminTables extends Migration {
  override up(): void {
    this.addSql('create schema es_building authorization omoi_owner');
    this.addSql('create schema es_retired authorization omoi_owner');
    this.addSql('set local role omoi_owner');
    this.addSql('grant usage on schema es_building to omoi_projector');
    this.versions();
    this.rebuilds();
    this.deadLetters();
    this.vectors();
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop schema es_building cascade');
    this.addSql('drop schema es_retired cascade');
    this.addSql('drop table es.rebuild');
    this.addSql('drop table es.dead_letter');
    this.addSql('drop index es.projection_active');
    this.addSql(`delete from es.projection where status <> 'active'`);
    this.addSql(
      'alter table es.projection drop column kind, drop column applied_late, drop column retired_at',
    );
    this.dropVectors();
    this.addSql(`
      create table "embedding_pending" (
        "profile" varchar(60) not null, "namespace" varchar(64) not null, "memory_id" uuid not null,
        "attempts" int not null default 0, "error" varchar(100) null,
        "due_at" timestamptz(3) not null,
        primary key ("profile", "namespace", "memory_id")
      )`);
  }

  private versions(): void {
    this.addSql(`
      alter table es.projection
        add column kind text not null default 'projection' check (kind in ('projection', 'policy')),
        add column applied_late boolean not null default false,
        add column retired_at timestamptz`);
    this.addSql(
      `create unique index projection_active on es.projection (name) where status = 'active'`,
    );
  }

  private rebuilds(): void {
    this.addSql(`
      create table es.rebuild (
        id uuid primary key, kind text not null check (kind in ('rebuild', 'flip-back')),
        projection text not null, version int not null,
        status text not null
          check (status in ('building', 'ready', 'swapped', 'cancelled', 'failed')),
        swap boolean not null, is_indexed boolean not null default false,
        position bigint not null default 0, target bigint not null,
        events_per_second double precision, diff jsonb, error text,
        began_at timestamptz not null, ended_at timestamptz
      ) with (fillfactor = 50)`);
    this.addSql(`
      create unique index rebuild_open on es.rebuild (projection)
       where status in ('building', 'ready')`);
    this.addSql('grant select, insert, update on es.rebuild to omoi_projector');
  }

  private deadLetters(): void {
    this.addSql(`
      create table es.dead_letter (
        id uuid primary key, projection text not null, version int not null,
        position bigint not null, attempts int not null, error text not null,
        parked_at timestamptz not null,
        unique (projection, version, position)
      )`);
    this.addSql('grant select, insert, update, delete on es.dead_letter to omoi_projector');
  }

  private vectors(): void {
    this.dropVectors();
    this.addSql('drop table "embedding_pending"');
    this.addSql('grant delete on es.embedding_cache to omoi_projector');
  }

  private dropVectors(): void {
    this.addSql(`
      do $$
      declare name text;
      begin
        for name in select tablename from pg_tables
                     where schemaname = 'public'
                       and (tablename like 'memory\\_embedding\\_%'
                            or tablename like 'embedding\\_pending\\_%') loop
          execute format('drop table public.%I', name);
        end loop;
      end $$`);
    this.addSql(`delete from es.projection where name like 'memory-vectors-%'`);
  }
}
