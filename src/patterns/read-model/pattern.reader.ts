import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import { intervalOf, type Interval } from '../domain/confidence.js';
import type { Status } from '../domain/key-state.js';
import { prefixOf, type PatternType } from '../domain/key.js';
import { matches, type Matchable } from '../domain/matching.js';
import { keyIdOf } from '../domain/pattern-id.js';
import type { Uplift } from '../domain/uplift.js';
import { sayPattern } from '../domain/words.js';
import { isFound } from '../regex.js';
import { NOW, readPatterns, type PatternRow } from './pattern-rows.js';
import type { PatternResponse } from './pattern.response.js';
import { upliftsOf } from './uplift-rows.js';

/** What a list of patterns is narrowed to; null, or an empty list, does not narrow. */
export interface PatternFilter {
  readonly matching: Matchable | null;
  readonly patternType: PatternType | null;
  readonly statuses: readonly Status[];
  readonly minConfidence: number;
  /** Whether it seems to do harm. */
  readonly isFlagged: boolean | null;
}

/** Where a page of patterns begins: after this one. */
export type PatternKey = readonly [low: number, usage: number, id: string];

/** How long a pattern's executions have been coming. */
interface Dates {
  readonly first_at: string | null;
  readonly last_at: string | null;
}

/** What an answer holds besides the row. */
interface Aside extends Dates {
  readonly uplift: Uplift | null;
}

const NOTHING: Aside = { first_at: null, last_at: null, uplift: null };

/** Reads patterns as they are served; their evidence is next door. */
@Injectable()
export class PatternReader {
  constructor(private readonly database: Database) {}

  one(namespace: string, id: string): Promise<PatternResponse | null> {
    return snapshot(this.database, namespace, (sql) => readOne(sql, namespace, id));
  }

  /** All of them, the surest first, without the dates of their evidence and without their uplift. */
  all(namespace: string, filter: PatternFilter): Promise<PatternResponse[]> {
    return snapshot(this.database, namespace, async (sql) =>
      (await this.matching(sql, namespace, filter)).map((row) => answer(row, NOTHING)),
    );
  }

  /** The surest first; `limit` at most, beginning after `after`. */
  list(
    namespace: string,
    filter: PatternFilter,
    after: PatternKey | null,
    limit: number,
  ): Promise<PatternResponse[]> {
    return snapshot(this.database, namespace, async (sql) => {
      const rows = await this.matching(sql, namespace, filter);
      const page = rows.filter((row) => after === null || compare(rowPlace(row), after) > 0);
      return answers(sql, namespace, page.slice(0, limit));
    });
  }

  private async matching(
    sql: Sql,
    namespace: string,
    { matching, patternType, statuses, minConfidence, isFlagged }: PatternFilter,
  ): Promise<PatternRow[]> {
    const taskType = matching?.taskType ?? null;
    const prefix = taskType === null ? null : prefixOf(taskType);
    const rows = await readPatterns(sql, namespace, {
      taskType,
      prefix: prefix === null ? null : ['prefix', prefix],
      patternType,
    });

    const found = rows.filter(
      ({ key, status, confidence_score, task_type_pattern }) =>
        confidence_score >= minConfidence &&
        statuses.includes(status) &&
        (matching === null || task_type_pattern === taskType || matches(key, matching, isFound)),
    );
    const kept = isFlagged === null ? found : await flagged(sql, namespace, found, isFlagged);

    return kept.sort((a, b) => compare(rowPlace(a), rowPlace(b)));
  }
}

/** One pattern, in a transaction that reads other things beside it. */
export async function readOne(
  sql: Sql,
  namespace: string,
  id: string,
): Promise<PatternResponse | null> {
  const [found] = await answers(sql, namespace, await readPatterns(sql, namespace, { id }));

  return found ?? null;
}

/** What is served of a row that stands as it did at a position. */
export async function answerAt(
  sql: Sql,
  namespace: string,
  row: PatternRow,
  until: bigint,
): Promise<PatternResponse> {
  return (await answering(sql, namespace, [row], until))(row);
}

async function answers(
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

async function flagged(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
  isFlagged: boolean,
): Promise<PatternRow[]> {
  const ids = rows.map(({ id }) => id);
  const uplifts = await upliftsOf(sql, namespace, ids, NOW);

  return rows.filter(({ id }) => (uplifts.get(id)?.flagged ?? false) === isFlagged);
}

/** Several statements that see the tables as they are at one moment. */
export function snapshot<Result>(
  database: Database,
  namespace: string,
  read: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return database.within(namespace, async (sql) => {
    // The lock comes before the snapshot: or new tables that go live in between would be looked at as
    // they were before they had caught up.
    await sql.query(
      `set transaction isolation level repeatable read;
       lock table learned_patterns, suggestions in access share mode`,
    );
    return read(sql);
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

function answer(row: PatternRow, { first_at, last_at, uplift }: Aside): PatternResponse {
  const { key, pattern_type: side, status, successes, executions, failures } = row;

  return {
    pattern_id: row.id,
    pattern_type: side,
    task_type_pattern: row.task_type_pattern,
    definition: [...key],
    status,
    says: sayPattern({ key, side, status, successes, executions, failures }),
    success_indicators: row.success_indicators ?? [],
    failure_indicators: row.failure_indicators ?? [],
    recommended_context: row.recommended_context ?? {},
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

/** Where a pattern stands in a list. */
export const placeOf = (pattern: PatternResponse): PatternKey => [
  pattern.confidence_interval.low,
  pattern.usage_count,
  pattern.pattern_id,
];

const rowPlace = (row: PatternRow): PatternKey => [interval(row).low, row.usage_count, row.id];

const interval = ({ confidence_score, lower_bound }: PatternRow): Interval =>
  intervalOf({ confidence: confidence_score, lower: lower_bound });

/** The higher lower bound first, then the more used, then the smaller id. */
function compare(a: PatternKey, b: PatternKey): number {
  if (a[0] !== b[0]) return b[0] - a[0];
  if (a[1] !== b[1]) return b[1] - a[1];

  return a[2] < b[2] ? -1 : Number(a[2] > b[2]);
}
