import type { Sql } from '#database';
import { FEEDBACK_WEIGHT } from '../domain/confidence.js';
import { PRIOR_WEIGHT } from '../domain/gate.js';
import { succeeds } from '../domain/key-state.js';
import type { Key } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { basisOf, heardOf } from '../domain/served.js';
import { measuresIn, type MeasureColumns } from './measure-columns.js';
import type { EvidenceResponse, PatternResponse } from './pattern.response.js';

const MOST_SUGGESTIONS = 1_000;

/** An execution behind a pattern, with its place in the log. */
type EvidenceItem = EvidenceResponse['items'][number] & { readonly position: string };

type ItemRow = Omit<EvidenceItem, 'held'> & MeasureColumns;

/** A pattern with a page of what stands behind it, all of one moment. */
export type Behind = Omit<EvidenceResponse, 'items' | 'next_cursor'> & {
  readonly items: EvidenceItem[];
};

/** Oldest first, `limit` at most, after a position. */
export interface EvidencePage {
  readonly after: string;
  readonly limit: number;
}

/** A pattern as it stands at a position, and what the learner knows of its key there. */
export interface Standing {
  readonly pattern: PatternResponse;
  readonly state: LearnerState;
  readonly until: bigint;
}

export async function behind(
  sql: Sql,
  namespace: string,
  { pattern, state, until }: Standing,
  page: EvidencePage,
): Promise<Behind> {
  const { pattern_id: id, definition } = pattern;
  const rows = await sql.query<ItemRow>(
    `select execution.memory_id, execution.task_id, execution.success,
            execution.duration_bucket, execution.is_faster, execution.cost_bucket,
            execution.is_cheaper, es.iso(execution.at) as at, execution.position
       from learner_evidence as evidence
       join learner_executions as execution
         on execution.namespace = evidence.namespace
        and execution.position = evidence.position
      where evidence.namespace = $1 and evidence.key_id = $2
        and evidence.position > $3 and evidence.position <= $5
        and (execution.revoked_at is null or execution.revoked_at > $5)
      order by evidence.position
      limit $4`,
    [namespace, keyIdOf(namespace, asKey(definition)), page.after, page.limit, until],
  );

  return {
    ...pattern,
    basis: basis(state, pattern),
    suggestion_ids: await suggestions(sql, namespace, id, until),
    items: rows.map((row) => itemOf(row, pattern)),
  };
}

const asKey = (definition: PatternResponse['definition']): Key => definition as unknown as Key;

function itemOf(row: ItemRow, { definition, pattern_type }: PatternResponse): EvidenceItem {
  const { memory_id, task_id, success, at, position } = row;
  const isSuccess = succeeds(asKey(definition), { success, measures: measuresIn(row) });

  return {
    memory_id,
    task_id,
    success,
    held: isSuccess === (pattern_type !== 'failure'),
    at,
    position,
  };
}

function basis(
  state: LearnerState,
  { pattern_id: id, pattern_type: side, definition }: PatternResponse,
): EvidenceResponse['basis'] {
  const of = state.key(asKey(definition));
  const { held, outOf, prior } = basisOf(state, of, side);
  const said = heardOf(state, of, id);

  return {
    held,
    out_of: outOf,
    prior,
    prior_weight: PRIOR_WEIGHT,
    feedback: {
      actors: said.length,
      helpful: said.filter(({ helpful }) => helpful).length,
      weight: FEEDBACK_WEIGHT,
      adjustment: said.reduce((sum, { adjustment }) => sum + adjustment, 0),
    },
  };
}

async function suggestions(
  sql: Sql,
  namespace: string,
  id: string,
  until: bigint,
): Promise<string[]> {
  const rows = await sql.query<{ suggestion_id: string }>(
    `select served.suggestion_id
       from pattern_suggestions as served
      where served.namespace = $1 and served.pattern_id = $2 and served.position <= $4
      order by served.position desc
      limit $3`,
    [namespace, id, MOST_SUGGESTIONS, until],
  );
  return rows.map(({ suggestion_id }) => suggestion_id);
}
