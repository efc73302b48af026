import type { Sql } from '#database';
import type { StoredEvent } from '#event-store';
import type { ContextWasSuggested } from '#memory';

/** Counts which contexts served a pattern. */
export async function countUsage(
  sql: Sql,
  namespace: string,
  events: readonly StoredEvent<ContextWasSuggested>[],
): Promise<void> {
  const rows = events.flatMap(({ data, position, recordedAt }) =>
    data.patterns.map(({ pattern_id }) => ({
      pattern_id,
      suggestion_id: data.suggestion_id,
      position: String(position),
      at: recordedAt,
    })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `with row as (
       select * from jsonb_to_recordset($2::jsonb)
         as row(pattern_id uuid, suggestion_id uuid, position bigint, at timestamptz)
     ), noted as (
       insert into pattern_suggestions (namespace, pattern_id, position, suggestion_id)
       select $1, row.pattern_id, row.position, row.suggestion_id from row
     )
     update learned_patterns as pattern
        set usage_count = pattern.usage_count + served.times,
            updated_at = greatest(pattern.updated_at, served.at)
       from (select row.pattern_id, count(*) as times, max(row.at) as at
               from row group by row.pattern_id) as served
      where pattern.namespace = $1 and pattern.id = served.pattern_id`,
    [namespace, JSON.stringify(rows)],
  );
}
