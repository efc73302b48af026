import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import { isSignature, signatureIn, type Key } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { restsOn, type Happening } from '../domain/past.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { behind, type Behind, type EvidencePage, type Standing } from './evidence-rows.js';
import { measuresIn, type MeasureColumns } from './measure-columns.js';
import { answerAt } from './pattern-answers.js';
import { readRows, type PatternRow } from './pattern-rows.js';
import type { PatternResponse } from './pattern.response.js';

/** A pattern as it was at a position, with what the learner knew of its key. */
export interface PatternThen {
  readonly row: PatternRow;
  readonly state: LearnerState;
  readonly until: bigint;
}

interface ExecutionRow extends MeasureColumns {
  readonly position: string;
  readonly revoked_at: string | null;
  readonly task_id: string;
  readonly success: boolean;
  readonly task_voted: boolean;
  readonly agent_voted: boolean;
}

/**
 * Reads what the tables say of an earlier position. What they hold of it never changes, so it needs no
 * snapshot, and everybody else has their turns in between.
 */
@Injectable()
export class PastReader {
  /** How many executions of a namespace are gone through in one short transaction. */
  protected readonly most: number = 5_000;

  constructor(private readonly database: Database) {}

  /** A pattern, listed or not by now; null when it never was. */
  async ever(namespace: string, id: string): Promise<PatternRow | null> {
    const [found] = await this.database.within(namespace, (sql) =>
      readRows(sql, namespace, { id, isListed: null }),
    );
    return found ?? null;
  }

  /**
   * What happened to a key up to a position, and to what it rests on, in log order.
   * @param decided what people decided of its patterns up to there
   */
  async *happenings(
    namespace: string,
    key: Key,
    until: bigint,
    decided: readonly Happening[],
  ): AsyncGenerator<readonly Happening[]> {
    let known = [...decided];
    for (let after = 0n; after < until;) {
      const { to, evidence } = await this.stretch(namespace, key, { after, until });
      known = [...known, ...evidence].filter(({ position }) => position <= until);
      yield known.filter(({ position }) => position <= to).sort(byPosition);
      known = known.filter(({ position }) => position > to);
      after = to;
    }
  }

  /** How many failures of all tasks showed the error of a signature's key; 0 for all other keys. */
  async errors(namespace: string, key: Key, until: bigint): Promise<number> {
    if (!isSignature(key)) return 0;
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<{ failures: number }>(
        `select count(*)::int as failures
           from learner_executions as execution
          where execution.namespace = $1 and execution.position <= $3
            and execution.signature = $2
            and (execution.revoked_at is null or execution.revoked_at > $3)`,
        [namespace, signatureIn(key), until],
      ),
    );
    return row?.failures ?? 0;
  }

  /** How many contexts served a pattern after one position and up to another; the last of them, or 0. */
  async usage(
    namespace: string,
    id: string,
    after: bigint,
    until: bigint,
  ): Promise<{ readonly count: number; readonly last: bigint }> {
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<{ count: number; last: string }>(
        `select count(*)::int as count, coalesce(max(served.position), 0) as last
           from pattern_suggestions as served
          where served.namespace = $1 and served.pattern_id = $2
            and served.position > $3 and served.position <= $4`,
        [namespace, id, after, until],
      ),
    );
    return { count: row?.count ?? 0, last: BigInt(row?.last ?? 0) };
  }

  pattern(namespace: string, then: PatternThen): Promise<PatternResponse> {
    return this.database.within(
      namespace,
      async (sql) => (await standing(sql, namespace, then)).pattern,
    );
  }

  behind(namespace: string, then: PatternThen, page: EvidencePage): Promise<Behind> {
    return this.database.within(namespace, async (sql) =>
      behind(sql, namespace, await standing(sql, namespace, then), page),
    );
  }

  /** The next executions after a position, and where they end: at `until`, when there are no more. */
  private stretch(
    namespace: string,
    key: Key,
    { after, until }: { readonly after: bigint; readonly until: bigint },
  ): Promise<{ to: bigint; evidence: Happening[] }> {
    return this.database.within(namespace, async (sql) => {
      const rows = await sql.query<ExecutionRow>(
        `select execution.position, execution.revoked_at, execution.task_id, execution.success,
                execution.task_voted, execution.agent_voted, execution.duration_bucket,
                execution.is_faster, execution.cost_bucket, execution.is_cheaper
           from learner_executions as execution
          where execution.namespace = $1 and execution.position > $2 and execution.position <= $3
          order by execution.position
          limit $4`,
        [namespace, after, until, this.most],
      );
      const last = rows.at(-1);
      const to = rows.length < this.most || last === undefined ? until : BigInt(last.position);
      const rest = restsOn(key);
      const [own, ...others] = await positionsOf(sql, namespace, [key, ...rest], { after, to });

      return {
        to,
        evidence: rows.flatMap((row) =>
          evidenceOf(
            row,
            own?.has(row.position) ?? false,
            rest.filter((_, nth) => others[nth]?.has(row.position)),
          ),
        ),
      };
    });
  }
}

/**
 * Which executions of a stretch count for each of some keys. They are joined by whoever asks: without
 * statistics a database joins them one by one.
 */
async function positionsOf(
  sql: Sql,
  namespace: string,
  keys: readonly Key[],
  { after, to }: { readonly after: bigint; readonly to: bigint },
): Promise<Set<string>[]> {
  const ids = keys.map((key) => keyIdOf(namespace, key));
  const rows = await sql.query<{ key_id: string; positions: string[] }>(
    `select evidence.key_id, json_agg(evidence.position::text) as positions
       from learner_evidence as evidence
      where evidence.namespace = $1 and evidence.key_id = any($2)
        and evidence.position > $3 and evidence.position <= $4
      group by evidence.key_id`,
    [namespace, ids, after, to],
  );
  const found = new Map(rows.map(({ key_id, positions }) => [key_id, new Set(positions)]));
  return ids.map((id) => found.get(id) ?? new Set());
}

async function standing(
  sql: Sql,
  namespace: string,
  { row, state, until }: PatternThen,
): Promise<Standing> {
  return { pattern: await answerAt(sql, namespace, row, until), state, until };
}

/** That an execution was counted; and that it was taken back, when it was. */
function evidenceOf(row: ExecutionRow, isOwn: boolean, others: readonly Key[]): Happening[] {
  const position = BigInt(row.position);
  const voted = { task: row.task_voted, agent: row.agent_voted };
  const { task_id: task, success } = row;
  const evidence = { position, task, success, voted, measures: measuresIn(row) };
  const counted: Happening = { is: 'evidence', position, evidence, sign: 1, isOwn, others };
  if (row.revoked_at === null) return [counted];

  return [counted, { ...counted, position: BigInt(row.revoked_at), sign: -1 }];
}

const byPosition = (a: Happening, b: Happening): number =>
  a.position < b.position ? -1 : Number(a.position > b.position);
