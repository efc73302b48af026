import { Migration } from '@mikro-orm/migrations';

const TENANT_TABLES = [
  'tasks',
  'task_memories',
  'memory_usage',
  'embedding_pending',
  'learned_patterns',
];

/** What is read out of the log: phases, tasks, memories, and room for patterns. */
export class ReadModels extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.phasesAndTasks();
    this.memories();
    this.patterns();
    this.isolation();
    this.addSql('reset role');
  }

  override down(): void {
    for (const table of ['phases', ...TENANT_TABLES]) this.addSql(`drop table "${table}"`);
    this.addSql(`
      do $$
      declare name text;
      begin
        for name in select tablename from pg_tables where tablename like 'memory\\_embedding\\_%' loop
          execute format('drop table %I', name);
        end loop;
      end $$`);
  }

  private phasesAndTasks(): void {
    this.addSql(`
      create table "phases" (
        "id" varchar(50) not null, "name" varchar(100) not null, "description" text null,
        "sequence_order" int not null, "allowed_transitions" jsonb null,
        "is_terminal" boolean not null default false, "configuration" jsonb null,
        primary key ("id")
      )`);
    this.addSql(`
      create table "tasks" (
        "namespace" varchar(64) not null, "id" varchar(200) not null,
        "type" varchar(200) not null, "description" text null, "phase_id" varchar(50) not null,
        "status" varchar(20) not null, "metadata" jsonb not null,
        "created_at" timestamptz(3) not null, "finished_at" timestamptz(3) null,
        primary key ("namespace", "id")
      )`);
    this.addSql('create index "tasks_newest" on "tasks" ("namespace", "created_at" desc, "id")');
  }

  private memories(): void {
    this.addSql(`
      create table "task_memories" (
        "namespace" varchar(64) not null, "id" uuid not null,
        "task_id" varchar(200) not null, "task_type" varchar(200) not null,
        "description" text null, "execution_summary" text null, "success" boolean not null,
        "error_patterns" jsonb null, "execution_id" varchar(200) null,
        "agent_id" varchar(200) null, "phase_id" varchar(50) null,
        "tags" text[] not null, "tools" text[] not null,
        "duration_ms" bigint null, "cost_usd" double precision null, "suggestion_id" uuid null,
        "auto_extract_patterns" boolean not null,
        "status" varchar(20) not null default 'stored', "revoke_reason" text null,
        "occurred_at" timestamptz(3) not null, "learned_at" timestamptz(3) not null,
        primary key ("namespace", "id")
      )`);
    const newest = '"learned_at" desc, "id"';
    for (const [name, columns] of [
      ['newest', `"namespace", ${newest}`],
      ['task', `"namespace", "task_id", ${newest}`],
      ['success', `"namespace", "success", ${newest}`],
    ] as const) {
      this.addSql(`create index "task_memories_${name}" on "task_memories" (${columns})`);
    }
    this.addSql(
      'create index "task_memories_errors" on "task_memories" using gin ("error_patterns")',
    );
    this.addSql(`
      create table "memory_usage" (
        "namespace" varchar(64) not null, "memory_id" uuid not null,
        "reused_count" int not null default 0,
        primary key ("namespace", "memory_id")
      ) with (fillfactor = 80)`);
    this.addSql(`
      create table "embedding_pending" (
        "profile" varchar(60) not null, "namespace" varchar(64) not null, "memory_id" uuid not null,
        "attempts" int not null default 0, "error" varchar(100) null,
        "due_at" timestamptz(3) not null,
        primary key ("profile", "namespace", "memory_id")
      )`);
    this.addSql(
      'create index "embedding_pending_due" on "embedding_pending" ("profile", "due_at")',
    );
  }

  private patterns(): void {
    this.addSql(`
      create table "learned_patterns" (
        "namespace" varchar(64) not null, "id" uuid not null,
        "pattern_type" varchar(50) not null, "task_type_pattern" varchar(1000) not null,
        "success_indicators" jsonb null, "failure_indicators" jsonb null,
        "recommended_context" jsonb null,
        "confidence_score" double precision not null default 0.5,
        "usage_count" int not null default 0,
        "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null,
        primary key ("namespace", "id")
      )`);
    for (const [name, columns] of [
      ['type', '("namespace", "pattern_type", "confidence_score" desc, "id")'],
      ['usage', '("namespace", "usage_count" desc, "id")'],
      ['success_indicators', 'using gin ("success_indicators")'],
      ['failure_indicators', 'using gin ("failure_indicators")'],
    ] as const) {
      this.addSql(`create index "learned_patterns_${name}" on "learned_patterns" ${columns}`);
    }
  }

  private isolation(): void {
    for (const table of ['phases', ...TENANT_TABLES]) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      for (const writer of ['projector', 'owner']) {
        this.addSql(
          `create policy "${writer}" on "${table}" to omoi_${writer} using (true) with check (true)`,
        );
      }
      this.addSql(`grant select on "${table}" to omoi_app`);
      this.addSql(`grant select, insert, update, delete on "${table}" to omoi_projector`);
    }
    for (const table of TENANT_TABLES) {
      this.addSql(
        `create policy "tenant" on "${table}" to omoi_app
           using (namespace = current_setting('omoi.namespace', true))`,
      );
    }
    this.addSql('create policy "reader" on "phases" to omoi_app using (true)');
  }
}
