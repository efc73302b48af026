import { Migration } from '@mikro-orm/migrations';
import { isolation } from './isolation.js';

const TENANT_TABLES = ['suggestions', 'suggestion_patterns', 'suggestion_executions'];

/** What was suggested, and how it went. */
export class Suggestions extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.served();
    this.executions();
    for (const statement of TENANT_TABLES.flatMap(isolation)) this.addSql(statement);
    this.addSql('reset role');
  }

  override down(): void {
    for (const table of TENANT_TABLES.toReversed()) this.addSql(`drop table "${table}"`);
    this.addSql(`delete from es.projection where name = 'suggestions'`);
  }

  private served(): void {
    this.addSql(`
      create table "suggestions" (
        "namespace" varchar(64) not null, "id" uuid not null, "position" bigint not null,
        "task_id" varchar(200) not null, "task_type" varchar(200) not null,
        "at" timestamptz(3) not null, "items" jsonb not null, "patterns" jsonb not null,
        "threshold" double precision null, "top_k" int null, "abstained" boolean not null,
        "reason" text null, "model_key" varchar(200) not null, "learner_version" int null,
        "said" boolean null, "said_position" bigint null, "said_at" timestamptz(3) null,
        primary key ("namespace", "id")
      )`);
    this.addSql('create index "suggestions_task" on "suggestions" ("namespace", "task_id")');
    this.addSql(`
      create table "suggestion_patterns" (
        "namespace" varchar(64) not null, "pattern_id" uuid not null,
        "suggestion_id" uuid not null,
        primary key ("namespace", "pattern_id", "suggestion_id")
      )`);
  }

  private executions(): void {
    this.addSql(`
      create table "suggestion_executions" (
        "namespace" varchar(64) not null, "position" bigint not null, "memory_id" uuid not null,
        "suggestion_id" uuid null, "task_type" varchar(200) not null, "success" boolean not null,
        "at" timestamptz(3) not null, "revoked_at" bigint null,
        primary key ("namespace", "position")
      )`);
    for (const [name, column] of [
      ['memory', 'memory_id'],
      ['suggestion', 'suggestion_id'],
      ['type', 'task_type'],
    ] as const) {
      this.addSql(
        `create index "suggestion_executions_${name}" on "suggestion_executions" ("namespace", "${column}")`,
      );
    }
  }
}
