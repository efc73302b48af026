import { Migration } from '@mikro-orm/migrations';

/** The columns that hold what people wrote, or what was made of it. */
const TEXTS: readonly [table: string, ...columns: string[]][] = [
  ['es.text', 'body', 'subject'],
  ['es.embedding_cache', 'text_sha256'],
  ['tasks', 'description', 'metadata'],
  ['task_memories', 'description', 'execution_summary', 'error_patterns', 'revoke_reason'],
  ['learner_executions', 'line', 'signature'],
  ['learner_signatures', 'signature'],
  ['learner_keys', 'key'],
  ['learned_patterns', 'success_indicators', 'failure_indicators', 'recommended_context'],
];

/**
 * Texts can be erased: the planner keeps no samples of them, a rebuild knows up to where they were gone
 * when it began, and the embedded database up to where its files were written anew since.
 */
export class Erase extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql('alter table es.rebuild add column forgotten_until bigint not null default 0');
    for (const [table, ...columns] of TEXTS) {
      const without = columns.map((column) => `alter column ${column} set statistics 0`);
      this.addSql(`alter table ${table} ${without.join(', ')}`);
    }
    this.addSql(`
      create table es.files (
        only_row boolean primary key default true check (only_row), anew_at bigint not null
      )`);
    this.addSql('insert into es.files (anew_at) values (0)');
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop table es.files');
    for (const [table, ...columns] of TEXTS) {
      const usual = columns.map((column) => `alter column ${column} set statistics -1`);
      this.addSql(`alter table ${table} ${usual.join(', ')}`);
    }
    this.addSql('alter table es.rebuild drop column forgotten_until');
  }
}
