import { Migration } from '@mikro-orm/migrations';
import { isolation } from './isolation.js';

/** What patterns say, and how the executions of one task are found. */
export class Descriptions extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(`
      create table "pattern_descriptions" (
        "namespace" varchar(64) not null, "key_id" uuid not null, "described" int not null,
        "said" jsonb not null,
        primary key ("namespace", "key_id")
      )`);
    // Words of people: the planner keeps no samples of them.
    this.addSql('alter table "pattern_descriptions" alter column "said" set statistics 0');
    for (const statement of isolation('pattern_descriptions')) this.addSql(statement);
    this.addSql(
      'create index "learner_executions_task" on "learner_executions" ("namespace", "task_id", "position")',
    );
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop table "pattern_descriptions"');
    this.addSql('drop index "learner_executions_task"');
    this.addSql(`delete from es.projection where name = 'pattern-descriptions'`);
  }
}
