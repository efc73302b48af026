import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import type { Status } from '../domain/key-state.js';
import { nameOf, parentsOf, prefixOf, type PatternType } from '../domain/key.js';
import { matches, type Matchable } from '../domain/matching.js';
import { unknownPattern } from '../domain/pattern.errors.js';
import { isFound } from '../regex.js';
import { NOW } from './learner.js';
import { answer, answers, interval, NOTHING } from './pattern-answers.js';
import { readPatterns, readRows, type PatternRow } from './pattern-rows.js';
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
  /** The id of the pattern that they are narrower than by one step. */
  readonly parent: string | null;
}

/** Where a page of patterns begins: after this one. */
export type PatternKey = readonly [low: number, usage: number, id: string];

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
    { matching, patternType, statuses, minConfidence, isFlagged, parent }: PatternFilter,
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
    const under = parent === null ? found : await childrenOf(sql, namespace, found, parent);
    const kept = isFlagged === null ? under : await flagged(sql, namespace, under, isFlagged);

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

async function childrenOf(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
  parentId: string,
): Promise<PatternRow[]> {
  const [parent] = await readRows(sql, namespace, { id: parentId });
  if (!parent) throw unknownPattern(parentId);

  return rows.filter(({ key }) =>
    parentsOf(key).some((other) => nameOf(other) === nameOf(parent.key)),
  );
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
       lock table learned_patterns, pattern_descriptions, suggestions in access share mode`,
    );
    return read(sql);
  });
}

/** Where a pattern stands in a list. */
export const placeOf = (pattern: PatternResponse): PatternKey => [
  pattern.confidence_interval.low,
  pattern.usage_count,
  pattern.pattern_id,
];

const rowPlace = (row: PatternRow): PatternKey => [interval(row).low, row.usage_count, row.id];

/** The higher lower bound first, then the more used, then the smaller id. */
function compare(a: PatternKey, b: PatternKey): number {
  if (a[0] !== b[0]) return b[0] - a[0];
  if (a[1] !== b[1]) return b[1] - a[1];

  return a[2] < b[2] ? -1 : Number(a[2] > b[2]);
}
