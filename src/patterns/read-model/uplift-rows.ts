import type { Sql } from '#database';
import { upliftOf, type Stratum, type Uplift } from '../domain/uplift.js';

interface ServedRow {
  readonly pattern_id: string;
  readonly task_type: string;
  readonly outcomes: number;
  readonly successes: number;
  /** Executions after suggestions that served it, the later ones of the same too. */
  readonly followed: number;
  readonly followed_successes: number;
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
  const served = await servedOf(sql, namespace, patternIds, until);
  const taskTypes = [...new Set(served.map(({ task_type }) => task_type))];
  const all = taskTypes.length > 0 ? await typesOf(sql, namespace, taskTypes, until) : [];
  const byType = new Map(all.map((row) => [row.task_type, row]));
  const strata = new Map<string, Stratum[]>();
  for (const row of served) {
    const others = strata.get(row.pattern_id) ?? [];
    strata.set(row.pattern_id, [...others, stratumOf(row, byType.get(row.task_type))]);
  }

  return new Map(
    [...strata].flatMap(([id, each]) => {
      const uplift = upliftOf(each);
      return uplift ? [[id, uplift] as const] : [];
    }),
  );
}

function stratumOf(served: ServedRow, all: TypeRow | undefined): Stratum {
  const { outcomes, successes, followed, followed_successes } = served;

  return {
    outcomes,
    successes,
    others: (all?.executions ?? followed) - followed,
    otherSuccesses: (all?.successes ?? followed_successes) - followed_successes,
  };
}

/** By type, that of the execution where there is one. Types in one order: sums of floats depend on it. */
const servedOf = (
  sql: Sql,
  namespace: string,
  patternIds: readonly string[],
  until: bigint,
): Promise<ServedRow[]> =>
  sql.query<ServedRow>(
    `with run as (
       select served.pattern_id, execution.position is not null as is_followed,
              coalesce(execution.task_type, suggestion.task_type) as task_type,
              coalesce(execution.success,
                       case when suggestion.said_position <= $3 then suggestion.said end) as success,
              row_number() over (partition by served.pattern_id, suggestion.id
                                     order by execution.position) as nth
         from suggestion_patterns as served
         join suggestions as suggestion
           on suggestion.namespace = served.namespace and suggestion.id = served.suggestion_id
          and suggestion.position <= $3
         left join suggestion_executions as execution
           on execution.namespace = suggestion.namespace
          and execution.suggestion_id = suggestion.id
          and execution.position <= $3
          and (execution.revoked_at is null or execution.revoked_at > $3)
        where served.namespace = $1 and served.pattern_id = any($2)
     )
     select run.pattern_id, run.task_type,
            count(*) filter (where run.nth = 1)::int as outcomes,
            count(*) filter (where run.nth = 1 and run.success)::int as successes,
            count(*) filter (where run.is_followed)::int as followed,
            count(*) filter (where run.is_followed and run.success)::int as followed_successes
       from run
      where run.success is not null
      group by run.pattern_id, run.task_type
      order by run.pattern_id, run.task_type collate "C"`,
    [namespace, patternIds, until],
  );

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
      group by execution.task_type`,
    [namespace, taskTypes, until],
  );
