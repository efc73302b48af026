import { Migration } from '@mikro-orm/migrations';
import { isolation } from './isolation.js';

const TENANT_TABLES = [
  'learner_keys',
  'learner_key_tasks',
  'learner_signatures',
  'learner_executions',
  'learner_evidence',
  'pattern_feedback',
  'pattern_history',
  'pattern_suggestions',
];

/** What the learner counts and concludes, and the outbox of what it tells. */
export class LearnerTables extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.counts();
    this.evidence();
    this.patterns();
    for (const statement of TENANT_TABLES.flatMap(isolation)) this.addSql(statement);
    this.notifications();
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop table es.notification');
    for (const table of TENANT_TABLES) this.addSql(`drop table "${table}"`);
    this.addSql('delete from "learned_patterns"');
    this.addSql(`
      alter table "learned_patterns"
        drop column "key_id", drop column "status", drop column "lower_bound",
        drop column "is_listed", drop column "is_retired"`);
    this.addSql(`delete from es.projection where name = 'learner'`);
  }

  private counts(): void {
    this.addSql(`
      create table "learner_keys" (
        "namespace" varchar(64) not null, "id" uuid not null, "key" jsonb not null,
        "kind" varchar(30) not null, "task_type" varchar(200) null,
        "successes" int not null, "executions" int not null, "tasks" int not null,
        "task_vote_successes" int not null, "task_votes" int not null,
        "agent_vote_successes" int not null, "agent_votes" int not null,
        "prior" double precision not null, "rate" double precision null,
        "ln_e" double precision null, "direction" varchar(20) null, "is_active" boolean not null,
        "claim_rate" double precision null, "claim_base" double precision null,
        "cusum" double precision not null, "demotions" int not null,
        "cut_successes" int not null, "cut_votes" int not null, "cut_position" bigint not null,
        "zero_successes" int not null, "zero_votes" int not null, "zero_position" bigint not null,
        "noted_side" varchar(20) null, "noted_status" varchar(20) null,
        "noted_confidence" double precision null,
        primary key ("namespace", "id")
      ) with (fillfactor = 80)`);
    this.addSql('create index "learner_keys_type" on "learner_keys" ("namespace", "task_type")');
    this.addSql('create index "learner_keys_kind" on "learner_keys" ("namespace", "kind")');
    this.addSql(`
      create table "learner_key_tasks" (
        "namespace" varchar(64) not null, "key_id" uuid not null, "task_id" varchar(200) not null,
        "successes" int not null, "executions" int not null,
        primary key ("namespace", "key_id", "task_id")
      ) with (fillfactor = 80)`);
    this.addSql(`
      create table "learner_signatures" (
        "namespace" varchar(64) not null, "signature" varchar(200) not null,
        "failures" int not null,
        primary key ("namespace", "signature")
      ) with (fillfactor = 80)`);
  }

  private evidence(): void {
    this.addSql(`
      create table "learner_executions" (
        "namespace" varchar(64) not null, "position" bigint not null, "memory_id" uuid not null,
        "task_id" varchar(200) not null, "success" boolean not null,
        "signature" varchar(200) null, "line" text not null,
        "task_voted" boolean not null, "agent_voted" boolean not null,
        "at" timestamptz(3) not null, "revoked_at" bigint null,
        primary key ("namespace", "position")
      )`);
    this.addSql(
      'create unique index "learner_executions_memory" on "learner_executions" ("namespace", "memory_id")',
    );
    this.addSql(`
      create table "learner_evidence" (
        "namespace" varchar(64) not null, "key_id" uuid not null, "position" bigint not null,
        primary key ("namespace", "key_id", "position")
      )`);
    this.addSql(
      'create index "learner_evidence_position" on "learner_evidence" ("namespace", "position")',
    );
  }

  private patterns(): void {
    this.addSql(`
      alter table "learned_patterns"
        add column "key_id" uuid not null, add column "status" varchar(20) not null,
        add column "lower_bound" double precision not null,
        add column "is_listed" boolean not null,
        add column "is_retired" boolean not null default false`);
    this.addSql(
      'create index "learned_patterns_key" on "learned_patterns" ("namespace", "key_id")',
    );
    this.addSql(`
      create table "pattern_feedback" (
        "namespace" varchar(64) not null, "pattern_id" uuid not null, "who" varchar(220) not null,
        "position" bigint not null, "helpful" boolean not null,
        "adjustment" double precision not null,
        primary key ("namespace", "pattern_id", "who")
      )`);
    this.addSql(`
      create table "pattern_history" (
        "namespace" varchar(64) not null, "pattern_id" uuid not null, "position" bigint not null,
        "at" timestamptz(3) not null, "cause" varchar(50) not null, "status" varchar(20) not null,
        "confidence_score" double precision not null,
        primary key ("namespace", "pattern_id", "position")
      )`);
    this.addSql(`
      create table "pattern_suggestions" (
        "namespace" varchar(64) not null, "pattern_id" uuid not null, "position" bigint not null,
        "suggestion_id" uuid not null,
        primary key ("namespace", "pattern_id", "position")
      )`);
  }

  private notifications(): void {
    this.addSql(`
      create table es.notification (
        id uuid primary key, namespace text not null, type text not null, subject text not null,
        position bigint not null, at timestamptz(3) not null, data jsonb not null,
        told_at timestamptz
      )`);
    this.addSql(
      'create index notification_untold on es.notification (position) where told_at is null',
    );
    this.addSql('alter table es.notification enable row level security');
    this.addSql('alter table es.notification force row level security');
    this.addSql(
      `create policy everybody on es.notification to omoi_projector, omoi_owner
         using (true) with check (true)`,
    );
    this.addSql(
      `create policy tenant on es.notification to omoi_app
         using (namespace = current_setting('omoi.namespace', true))`,
    );
    this.addSql('grant select on es.notification to omoi_app');
    this.addSql('grant select, insert, update on es.notification to omoi_projector');
  }
}
