import { Migration } from '@mikro-orm/migrations';

const TABLES = ['webhook', 'webhook_letter'];

/** One numbered outbox for all that others are told, and who was told how much of it. */
export class RelayTables extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.outbox();
    this.followers();
    this.webhooks();
    this.addSql('reset role');
  }

  override down(): void {
    for (const table of [...TABLES.toReversed(), 'relay', 'notification_head']) {
      this.addSql(`drop table es.${table}`);
    }
    this.addSql('alter table es.projection drop column furthest');
    this.addSql(`
      update es.projection as projection set name = 'tell-siblings-of-memory'
       where projection.name = 'notifications'`);
    this.addSql('drop index es.notification_namespace');
    this.addSql(`
      alter table es.notification
        drop column number, drop column correlation_id, drop column causation_id,
        drop column schema_version, drop column put_at,
        add column told_at timestamptz default clock_timestamp()`);
    this.addSql(
      'create index notification_untold on es.notification (position) where told_at is null',
    );
  }

  private outbox(): void {
    this.addSql(`
      alter table es.notification
        add column number bigint, add column correlation_id text not null default '',
        add column causation_id uuid, add column schema_version int not null default 1,
        add column put_at timestamptz not null default clock_timestamp()`);
    this.addSql(`
      update es.notification as notice
         set number = old.number, causation_id = event.event_id,
             correlation_id = event.metadata ->> 'correlation_id',
             data = notice.data || jsonb_build_object('pattern_id', notice.subject)
        from (select id, row_number() over (order by told_at is null, position, id) as number
                from es.notification) as old,
             es.event as event
       where old.id = notice.id and event.position = notice.position`);
    this.addSql(`
      create table es.notification_head (
        only_row boolean primary key default true check (only_row),
        number bigint not null
      ) with (fillfactor = 10)`);
    this.addSql('insert into es.notification_head (number) select count(*) from es.notification');
    this.addSql(`create table es.relay (name text primary key, number bigint not null)`);
    this.addSql(`
      insert into es.relay (name, number)
      select 'event-bus', count(told_at) from es.notification`);
    this.addSql('drop index es.notification_untold');
    this.addSql(`
      alter table es.notification
        alter column number set not null, alter column causation_id set not null,
        alter column correlation_id drop default, drop column told_at,
        add unique (number)`);
    this.addSql('create index notification_namespace on es.notification (namespace, number)');
    this.addSql('grant select, update on es.notification_head, es.relay to omoi_projector');
    this.addSql('grant select on es.notification_head to omoi_app');
  }

  /** Who told siblings of the log until now goes on as the one who writes the outbox. */
  private followers(): void {
    this.addSql('alter table es.projection add column furthest bigint not null default 0');
    this.addSql('update es.projection as projection set furthest = projection.checkpoint');
    this.addSql(`
      update es.projection as projection
         set name = 'notifications',
             checkpoint = (select min(old.checkpoint) from es.projection as old
                            where old.name in ('tell-siblings-of-memory', 'tell-matches')),
             furthest = (select min(old.checkpoint) from es.projection as old
                          where old.name in ('tell-siblings-of-memory', 'tell-matches'))
       where projection.name = 'tell-siblings-of-memory'`);
    this.addSql(`delete from es.projection as projection where projection.name = 'tell-matches'`);
    this.addSql(`
      delete from es.dead_letter as letter
       where letter.projection in ('tell-siblings-of-memory', 'tell-matches')`);
  }

  private webhooks(): void {
    this.addSql(`
      create table es.webhook (
        namespace text not null, id uuid not null, url text not null, types text[],
        secret text not null, created_at timestamptz(3) not null,
        number bigint not null, attempts int not null default 0, error text,
        delivered_at timestamptz(3), due_at timestamptz not null, claim uuid,
        primary key (namespace, id)
      ) with (fillfactor = 50)`);
    this.addSql('create index webhook_due on es.webhook (due_at)');
    this.addSql(`
      create table es.webhook_letter (
        namespace text not null, webhook_id uuid not null, notification_id uuid not null,
        number bigint not null, attempts int not null, error text not null,
        parked_at timestamptz(3) not null,
        primary key (namespace, webhook_id, notification_id),
        foreign key (namespace, webhook_id) references es.webhook on delete cascade,
        foreign key (notification_id) references es.notification
      )`);
    this.addSql('create index webhook_letter_number on es.webhook_letter (number)');
    this.addSql('create index webhook_letter_notification on es.webhook_letter (notification_id)');
    for (const table of TABLES) {
      this.addSql(`alter table es.${table} enable row level security`);
      this.addSql(`alter table es.${table} force row level security`);
      this.addSql(
        `create policy tenant on es.${table} to omoi_app
           using (namespace = current_setting('omoi.namespace', true))`,
      );
      this.addSql(
        `create policy everybody on es.${table} to omoi_projector, omoi_owner
           using (true) with check (true)`,
      );
      this.addSql(
        `grant select, insert, update, delete on es.${table} to omoi_projector, omoi_app`,
      );
    }
  }
}
