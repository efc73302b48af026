import type { Sql } from '#database';
import { upliftOf, type Stratum, type Uplift } from '../domain/uplift.js';

/** How one task ended after a suggestion; whether that is the suggestion's outcome, or a later try. */
interface Run {
  readonly task_type: string;
  readonly success: boolean;
  readonly isOutcome: boolean;
  /** Not when it was only said. */
  readonly isExecution: boolean;
}

interface TypeRow {
  readonly task_type: string;
  readonly executions: number;
  readonly successes: number;
}

/**
 * The uplift of each of some patterns as it stood at a position; those that have none are left out.
 * The outcome of a suggestion is that of the first execution that followed it and was not taken back;
 * where there is none, what was said of it.
 */
export async function upliftsOf(
  sql: Sql,
  namespace: string,
  patternIds: readonly string[],
  until: bigint,
): Promise<Map<string, Uplift>> {
  const served = await servedOf(sql, namespace, patternIds);
  if (served.size === 0) return new Map();
  const runs = await runsOf(sql, namespace, [...new Set([...served.values()].flat())], until);
  const taskTypes = new Set([...runs.values()].flat().map(({ task_type }) => task_type));
  const all = await typesOf(sql, namespace, [...taskTypes].sort(), until);

  return new Map(
    [...served].flatMap(([id, ids]) => {
      const after = ids.flatMap((one) => runs.get(one) ?? []);
      const uplift = upliftOf(all.map((type) => stratumOf(type, after)));
      return uplift ? [[id, uplift] as const] : [];
    }),
  );
}

function stratumOf({ task_type, executions, successes }: TypeRow, after: readonly Run[]): Stratum {
  const ofType = after.filter((run) => run.task_type === task_type);
  const outcomes = ofType.filter(({ isOutcome }) => isOutcome);
  const followed = ofType.filter(({ isExecution }) => isExecution);

  return {
    outcomes: outcomes.length,
    successes: outcomes.filter(({ success }) => success).length,
    others: executions - followed.length,
    otherSuccesses: successes - followed.filter(({ success }) => success).length,
  };
}

/** The suggestions that served each pattern. */
async function servedOf(
  sql: Sql,
  namespace: string,
  patternIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await sql.query<{ pattern_id: string; ids: string[] }>(
    `select served.pattern_id, json_agg(served.suggestion_id) as ids
       from suggestion_patterns as served
      where served.namespace = $1 and served.pattern_id = any($2)
      group by served.pattern_id`,
    [namespace, patternIds],
  );
  return new Map(rows.map(({ pattern_id, ids }) => [pattern_id, ids]));
}

/**
 * What followed each of some suggestions. The two are joined here: without statistics a database joins
 * all with all.
 */
async function runsOf(
  sql: Sql,
  namespace: string,
  ids: readonly string[],
  until: bigint,
): Promise<Map<string, Run[]>> {
  const said = await sql.query<{ id: string; task_type: string; success: boolean | null }>(
    `select suggestion.id, suggestion.task_type,
            case when suggestion.said_position <= $3 then suggestion.said end as success
       from suggestions as suggestion
      where suggestion.namespace = $1 and suggestion.id = any($2) and suggestion.position <= $3`,
    [namespace, ids, until],
  );
  const done = await sql.query<{ id: string; task_type: string; success: boolean }>(
    `select execution.suggestion_id as id, execution.task_type, execution.success
       from suggestion_executions as execution
      where execution.namespace = $1 and execution.suggestion_id = any($2)
        and execution.position <= $3
        and (execution.revoked_at is null or execution.revoked_at > $3)
      order by execution.position`,
    [namespace, ids, until],
  );
  const runs = new Map<string, Run[]>(said.map(({ id }) => [id, []]));
  for (const { id, ...run } of done) {
    const known = runs.get(id);
    known?.push({ ...run, isOutcome: known.length === 0, isExecution: true });
  }
  for (const { id, task_type, success } of said) {
    const known = runs.get(id);
    if (success === null || known?.length !== 0) continue;
    known.push({ task_type, success, isOutcome: true, isExecution: false });
  }

  return runs;
}

/** Of all executions of some types; in one order, on which sums of floats depend. */
const typesOf = (
  sql: Sql,
  namespace: string,
  taskTypes: readonly string[],
  until: bigint,
): Promise<TypeRow[]> =>
  sql.query<TypeRow>(
    `select execution.task_type, count(*)::int as executions,
            count(*) filter (where execution.success)::int as successes
       from suggestion_executions as execution
      where execution.namespace = $1 and execution.task_type = any($2)
        and execution.position <= $3
        and (execution.revoked_at is null or execution.revoked_at > $3)
      group by execution.task_type
      order by execution.task_type collate "C"`,
    [namespace, taskTypes, until],
  );
