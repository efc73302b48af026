import type { Sql } from '#database';

/** All that the learner writes, besides what it tells. */
export const LEARNER_TABLES = [
  'learner_keys',
  'learner_key_tasks',
  'learner_signatures',
  'learner_executions',
  'learner_evidence',
  'learned_patterns',
  'pattern_feedback',
  'pattern_history',
  'pattern_suggestions',
] as const;

/** Nothing was ever learned in this namespace. */
export async function unlearn(sql: Sql, namespace: string): Promise<void> {
  for (const table of LEARNER_TABLES) {
    await sql.query(`delete from ${table} as gone where gone.namespace = $1`, [namespace]);
  }
}
