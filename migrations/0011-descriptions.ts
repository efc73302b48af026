import { Migration } from '@mikro-orm/migrations';

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
    this.addSql('alter table "pattern_descriptions" enable row level security');
    this.addSql('alter table "pattern_descriptions" force row level security');
    this.addSql(
      `create policy "tenant" on "pattern_descriptions" to omoi_app
         using (namespace = current_setting('omoi.namespace', true))`,
    );
    for (const writer of ['projector', 'owner']) {
      this.addSql(
        `create policy "${writer}" on "pattern_descriptions" to omoi_${writer}
           using (true) with check (true)`,
      );
    }
    this.addSql('grant select on "pattern_descriptions" to omoi_app');
    this.addSql('grant select, insert, update, delete on "pattern_descriptions" to omoi_projector');
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
