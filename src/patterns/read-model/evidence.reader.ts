import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Moment } from '../domain/conclusions.js';
import type { Said } from '../domain/confidence.js';
import type { Key } from '../domain/key.js';
import { Learner } from '../domain/learner.js';
import { served } from '../domain/served.js';
import { isFound } from '../regex.js';
import { behind, type Behind, type EvidencePage } from './evidence-rows.js';
import { LearnerStateTable } from './learner-state.table.js';
import { NOW } from './learner.js';
import { readPatterns } from './pattern-rows.js';
import { readOne, snapshot } from './pattern.reader.js';
import type { PatternChange } from './pattern.response.js';

/** Of what is only imagined. */
const NOT_YET: Moment = { position: 0n, at: '', cause: '' };

/** Reads what stands behind a pattern, and how it came to be. */
@Injectable()
export class EvidenceReader {
  constructor(private readonly database: Database) {}

  /** As it stands now; null when there is no such pattern. */
  behind(namespace: string, id: string, page: EvidencePage): Promise<Behind | null> {
    return snapshot(this.database, namespace, async (sql) => {
      const pattern = await readOne(sql, namespace, id);
      if (!pattern) return null;
      const key = pattern.definition as unknown as Key;
      const state = await new LearnerStateTable(sql, namespace).load([key]);

      return behind(sql, namespace, { pattern, state, until: NOW }, page);
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

  /** Oldest first, `limit` at most, after one position and up to another. */
  history(
    namespace: string,
    id: string,
    { after, limit }: { readonly after: number; readonly limit: number },
    until: bigint,
  ): Promise<PatternChange[]> {
    return this.database.within(namespace, (sql) =>
      sql.query<PatternChange>(
        `select change.position::float8 as position, es.iso(change.at) as at, change.cause,
                change.status, change.confidence_score
           from pattern_history as change
          where change.namespace = $1 and change.pattern_id = $2
            and change.position > $3 and change.position <= $5
          order by change.position
          limit $4`,
        [namespace, id, after, limit, until],
      ),
    );
  }
}
