import { Migration } from '@mikro-orm/migrations';
import { isolation } from './isolation.js';

/** What the successes of a type took and cost, and what each execution was among them. */
export class Optimizations extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(`
      alter table "learner_executions"
        add column "duration_bucket" smallint null, add column "cost_bucket" smallint null,
        add column "is_faster" boolean null, add column "is_cheaper" boolean null`);
    this.addSql(`
      create table "learner_histograms" (
        "namespace" varchar(64) not null, "task_type" varchar(200) not null,
        "durations" jsonb not null, "costs" jsonb not null,
        primary key ("namespace", "task_type")
      ) with (fillfactor = 80)`);
    for (const statement of isolation('learner_histograms')) this.addSql(statement);
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop table "learner_histograms"');
    for (const table of ['pattern_history', 'pattern_feedback', 'pattern_suggestions']) {
      this.addSql(`
        delete from "${table}" as gone using "learned_patterns" as pattern
         where pattern.pattern_type = 'optimization'
           and gone.namespace = pattern.namespace and gone.pattern_id = pattern.id`);
    }
    this.addSql(`delete from "learned_patterns" where pattern_type = 'optimization'`);
    for (const table of ['learner_evidence', 'learner_key_tasks']) {
      this.addSql(`
        delete from "${table}" as gone using "learner_keys" as key
         where key.kind in ('faster', 'cheaper')
           and gone.namespace = key.namespace and gone.key_id = key.id`);
    }
    this.addSql(`delete from "learner_keys" where kind in ('faster', 'cheaper')`);
    this.addSql(`
      alter table "learner_executions"
        drop column "duration_bucket", drop column "cost_bucket",
        drop column "is_faster", drop column "is_cheaper"`);
  }
}
