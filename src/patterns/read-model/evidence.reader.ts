import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import type { Moment } from '../domain/conclusions.js';
import { FEEDBACK_WEIGHT, type Said } from '../domain/confidence.js';
import { PRIOR_WEIGHT } from '../domain/gate.js';
import type { Key, PatternType } from '../domain/key.js';
import { Learner } from '../domain/learner.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { basisOf, heardOf, served } from '../domain/served.js';
import { isFound } from '../regex.js';
import { LearnerStateTable } from './learner-state.table.js';
import { readPatterns } from './pattern-rows.js';
import { readOne, snapshot } from './pattern.reader.js';
import type { EvidenceResponse, PatternChange } from './pattern.response.js';

const MOST_SUGGESTIONS = 1_000;

/** Of what is only imagined. */
const NOT_YET: Moment = { position: 0n, at: '', cause: '' };

/** An execution behind a pattern, with its place in the log. */
type EvidenceItem = EvidenceResponse['items'][number] & { readonly position: string };

/** A pattern with a page of what stands behind it, all of one moment. */
export type Behind = Omit<EvidenceResponse, 'items' | 'next_cursor'> & {
  readonly items: EvidenceItem[];
};

/** Reads what stands behind a pattern, and how it came to be. */
@Injectable()
export class EvidenceReader {
  constructor(private readonly database: Database) {}

  /** Oldest first, `limit` at most, after a position; null when there is no such pattern. */
  behind(namespace: string, id: string, after: string, limit: number): Promise<Behind | null> {
    return snapshot(this.database, namespace, async (sql) => {
      const pattern = await readOne(sql, namespace, id);
      if (!pattern) return null;
      const key = pattern.definition as unknown as Key;
      return {
        ...pattern,
        basis: await basis(sql, namespace, { id, key, side: pattern.pattern_type }),
        suggestion_ids: await suggestions(sql, namespace, id),
        items: await sql.query<EvidenceItem>(
          `select execution.memory_id, execution.task_id, execution.success,
                  es.iso(execution.at) as at, execution.position
             from learner_evidence as evidence
             join learner_executions as execution
               on execution.namespace = evidence.namespace
              and execution.position = evidence.position
            where evidence.namespace = $1 and evidence.key_id = $2 and evidence.position > $3
              and execution.revoked_at is null
            order by evidence.position
            limit $4`,
          [namespace, keyIdOf(namespace, key), after, limit],
        ),
      };
    });
  }

  /** How sure a pattern will be once this was said of it; null when there is no such pattern. */
  confidenceAfter(
    namespace: string,
    id: string,
    actor: string | null,
    said: Said,
  ): Promise<number | null> {
    return snapshot(this.database, namespace, async (sql) => {
      const [found] = await readPatterns(sql, namespace, { id });
      if (!found) return null;
      const state = await new LearnerStateTable(sql, namespace).load([found.key]);
      new Learner(state, isFound).hear(id, found.key, actor, said, NOT_YET);
      return served(state, state.key(found.key)).confidence;
    });
  }

  /** Oldest first, `limit` at most, after a position. */
  history(namespace: string, id: string, after: number, limit: number): Promise<PatternChange[]> {
    return this.database.within(namespace, (sql) =>
      sql.query<PatternChange>(
        `select change.position::float8 as position, es.iso(change.at) as at, change.cause,
                change.status, change.confidence_score
           from pattern_history as change
          where change.namespace = $1 and change.pattern_id = $2 and change.position > $3
          order by change.position
          limit $4`,
        [namespace, id, after, limit],
      ),
    );
  }
}

async function basis(
  sql: Sql,
  namespace: string,
  { id, key, side }: { readonly id: string; readonly key: Key; readonly side: PatternType },
): Promise<EvidenceResponse['basis']> {
  const state = await new LearnerStateTable(sql, namespace).load([key]);
  const of = state.key(key);
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

async function suggestions(sql: Sql, namespace: string, id: string): Promise<string[]> {
  const rows = await sql.query<{ suggestion_id: string }>(
    `select served.suggestion_id
       from pattern_suggestions as served
      where served.namespace = $1 and served.pattern_id = $2
      order by served.position desc
      limit $3`,
    [namespace, id, MOST_SUGGESTIONS],
  );
  return rows.map(({ suggestion_id }) => suggestion_id);
}
