import type { Sql } from '#database';
import { z } from 'zod';
import type { KeyState, Status } from '../domain/key-state.js';
import {
  isMeasured,
  isSignature,
  nameOf,
  taskTypeOf,
  type Key,
  type PatternType,
} from '../domain/key.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { medianFor, served, type Served } from '../domain/served.js';
import type { Said } from './description-sources.js';
import { HistogramsTable } from './histograms.table.js';
import { LearnerStateTable } from './learner-state.table.js';

/** A pattern as the tables hold it; what an error's share is made of moves without it, and a median. */
export interface PatternRow {
  readonly id: string;
  readonly key: Key;
  readonly pattern_type: PatternType;
  readonly task_type_pattern: string;
  readonly status: Status;
  readonly confidence_score: number;
  readonly lower_bound: number;
  readonly usage_count: number;
  /** What its executions say; null while there are too few. */
  readonly said: Said | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly successes: number;
  readonly executions: number;
  readonly tasks: number;
  /** Failures of the type (and agent) of a signature; 0 for all others. */
  readonly failures: number;
  /** Of the successes of the type that an optimization is about, in ms or US dollars; null for all others. */
  readonly median: number | null;
}

/** Which of a namespace's patterns to read; null does not narrow. */
export interface Narrowing {
  readonly id: string | null;
  /** Patterns whose own regex is this, or that may match it as a type. */
  readonly taskType: string | null;
  /** The prefix key of that type. */
  readonly prefix: Key | null;
  readonly patternType: PatternType | null;
  /** Whether people see them by now. */
  readonly isListed: boolean | null;
}

/** What cannot be the id of any pattern need not be looked for. */
const patternId = z.uuid();

const LISTED: Narrowing = {
  id: null,
  taskType: null,
  prefix: null,
  patternType: null,
  isListed: true,
};

/** The patterns that people see, with their confidence as it stands now. */
export async function readPatterns(
  sql: Sql,
  namespace: string,
  narrowing: Partial<Narrowing>,
): Promise<PatternRow[]> {
  const rows = await freshened(sql, namespace, await readRows(sql, namespace, narrowing));

  return measured(sql, namespace, rows);
}

/** The patterns that people see, or others, as the tables hold them. */
export async function readRows(
  sql: Sql,
  namespace: string,
  narrowing: Partial<Narrowing>,
): Promise<PatternRow[]> {
  const { id, taskType, prefix, patternType, isListed } = { ...LISTED, ...narrowing };
  if (id !== null && !patternId.safeParse(id).success) return [];

  return sql.query<PatternRow>(
    `select pattern.id, key.key, pattern.pattern_type, pattern.task_type_pattern, pattern.status,
            pattern.confidence_score, pattern.lower_bound, pattern.usage_count,
            described.said,
            es.iso(pattern.created_at) as created_at, es.iso(pattern.updated_at) as updated_at,
            key.successes, key.executions, key.tasks, 0 as failures,
            null::float8 as median
       from learned_patterns as pattern
       join learner_keys as key
         on key.namespace = pattern.namespace and key.id = pattern.key_id
       left join pattern_descriptions as described
         on described.namespace = key.namespace and described.key_id = key.id
      where pattern.namespace = $1
        and ($6::boolean is null or pattern.is_listed = $6)
        and ($2::uuid is null or pattern.id = $2)
        and ($3::text is null or key.task_type = $3 or key.kind in ('agent', 'extracted')
             or key.id = $4 or pattern.task_type_pattern = $3)
        and ($5::text is null or pattern.pattern_type = $5)`,
    [namespace, id, taskType, prefix && keyIdOf(namespace, prefix), patternType, isListed],
  );
}

/** A pattern as the learner serves it: the row, with what may be older in it. */
export function asServed(row: PatternRow, of: KeyState, now: Served): PatternRow {
  return {
    ...row,
    status: now.status,
    confidence_score: now.confidence,
    lower_bound: now.lower,
    successes: of.successes,
    executions: of.executions,
    tasks: of.tasks,
    failures: isSignature(row.key) ? now.outOf : 0,
  };
}

/** An optimization says what the median of its type is by now. */
async function measured(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
): Promise<PatternRow[]> {
  const types = rows.flatMap(({ key }) => (isMeasured(key) ? (taskTypeOf(key) ?? []) : []));
  const histograms = await new HistogramsTable(sql, namespace).load(types);

  return rows.map((row) => ({ ...row, median: medianFor(row.key, histograms) }));
}

/** A signature's share changes with every failure of its type, so it is worked out when it is read. */
async function freshened(
  sql: Sql,
  namespace: string,
  rows: readonly PatternRow[],
): Promise<PatternRow[]> {
  const signatures = rows.map(({ key }) => key).filter(isSignature);
  if (signatures.length === 0) return [...rows];
  const state = await new LearnerStateTable(sql, namespace).load(signatures);

  return rows.map((row) => {
    const of = state.keys.get(nameOf(row.key));

    return isSignature(row.key) && of ? asServed(row, of, served(state, of)) : row;
  });
}
