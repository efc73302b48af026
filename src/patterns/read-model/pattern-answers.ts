import type { Sql } from '#database';
import { intervalOf, type Interval } from '../domain/confidence.js';
import { isSignature, parentsOf, signatureIn } from '../domain/key.js';
import { keyIdOf } from '../domain/pattern-id.js';
import type { Uplift } from '../domain/uplift.js';
import { sayPattern } from '../domain/words.js';
import { DescriptionSources } from './description-sources.js';
import { NOW } from './learner.js';
import type { PatternRow } from './pattern-rows.js';
import type { PatternResponse } from './pattern.response.js';
import { upliftsOf } from './uplift-rows.js';

/** How long a pattern's executions have been coming. */
interface Dates {
  readonly first_at: string | null;
  readonly last_at: string | null;
}

/** What an answer holds besides the row. */
interface Aside extends Dates {
  readonly uplift: Uplift | null;
}

/** Nothing was looked up besides the row. */
export const NOTHING: Aside = { first_at: null, last_at: null, uplift: null };

/** What is served of a row that stands as it did at a position. */
export async function answerAt(
  sql: Sql,
  namespace: string,
  row: PatternRow,
  until: bigint,
): Promise<PatternResponse> {
  const id = keyIdOf(namespace, row.key);
  const sayings = await new DescriptionSources(sql, namespace).about([{ ...row, id }], until);

  return (await answering(sql, namespace, [row], until))({
    ...row,
    said: sayings.get(id)?.said ?? null,
  });
}

/** What is served of rows as they stand now. */
export async function answers(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
): Promise<PatternResponse[]> {
  return rows.map(await answering(sql, namespace, rows, NOW));
}

/** How to answer each of some rows: with what stands in other tables about all of them. */
async function answering(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
  until: bigint,
): Promise<(row: PatternRow) => PatternResponse> {
  const keyId = ({ key }: PatternRow): string => keyIdOf(namespace, key);
  const dates = await datesOf(sql, namespace, rows.map(keyId), until);
  const ids = rows.map(({ id }) => id);
  const uplifts = await upliftsOf(sql, namespace, ids, until);

  return (row) =>
    answer(row, {
      ...(dates.get(keyId(row)) ?? NOTHING),
      uplift: uplifts.get(row.id) ?? null,
    });
}

async function datesOf(
  sql: Sql,
  namespace: string,
  keyIds: readonly string[],
  until: bigint,
): Promise<Map<string, Dates>> {
  const live = (order: string): string => `
    (select es.iso(execution.at)
       from learner_evidence as evidence
       join learner_executions as execution
         on execution.namespace = evidence.namespace
        and execution.position = evidence.position
      where evidence.namespace = $1 and evidence.key_id = wanted.key_id
        and evidence.position <= $3
        and (execution.revoked_at is null or execution.revoked_at > $3)
      order by evidence.position ${order} limit 1)`;
  const rows = await sql.query<Dates & { key_id: string }>(
    `select wanted.key_id, ${live('asc')} as first_at, ${live('desc')} as last_at
       from unnest($2::uuid[]) as wanted(key_id)`,
    [namespace, keyIds, until],
  );
  return new Map(rows.map((row) => [row.key_id, row]));
}

/** What is served of a row, with what stands elsewhere about it. */
export function answer(row: PatternRow, { first_at, last_at, uplift }: Aside): PatternResponse {
  const { key, pattern_type: side, status, successes, executions, failures, median } = row;

  return {
    pattern_id: row.id,
    pattern_type: side,
    task_type_pattern: row.task_type_pattern,
    definition: [...key],
    parents: parentsOf(key).map((parent) => [...parent]),
    status,
    says: sayPattern({ key, side, status, successes, executions, failures, median }),
    ...indicatorsIn(row),
    recommended_context: contextOf(row),
    confidence_score: row.confidence_score,
    confidence_interval: interval(row),
    evidence: {
      successes,
      failures: executions - successes,
      distinct_tasks: row.tasks,
      first_at,
      last_at,
    },
    usage_count: row.usage_count,
    uplift,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

const indicatorsIn = ({
  said,
}: PatternRow): Pick<PatternResponse, 'success_indicators' | 'failure_indicators'> => ({
  success_indicators: said?.indicators?.success ?? [],
  failure_indicators: said?.indicators?.failure ?? [],
});

/** What to look at, on the side of the claim; nothing while too little is known. */
function contextOf({ key, pattern_type: side, said }: PatternRow): Record<string, unknown> {
  if (isSignature(key)) return { signature: signatureIn(key), fixes: said?.fixes ?? [] };

  return { ...said?.[side === 'optimization' ? 'success' : side] };
}

/** 90 %. */
export const interval = ({ confidence_score, lower_bound }: PatternRow): Interval =>
  intervalOf({ confidence: confidence_score, lower: lower_bound });
