import type { Sql } from '#database';
import type { Moved, Projection, StoredEvent } from '#event-store';
import { LEARNER_EVENTS, type LearnerEvent } from './learner-events.js';
import { LearnerRun } from './learner-run.js';
import { LEARNER } from './learner.js';
import type { Writing } from './writing.js';

/** Rises with every change of what the learner concludes; contexts say which one served them. */
export const LEARNER_VERSION = 2;

/** Everything the learner reads is one run, whatever its types: it has to be read in log order. */
async function learn(
  events: readonly StoredEvent<LearnerEvent>[],
  writing: Writing,
): Promise<void> {
  for (const namespace of new Set(events.map((event) => event.namespace))) {
    await new LearnerRun(writing, namespace).learn(
      events.filter((event) => event.namespace === namespace),
    );
  }
}

/** The patterns that are listed in one version only, or differ. */
function moved(sql: Sql): Promise<Moved[]> {
  return sql.query<Moved>(
    `select coalesce(old.id, new.id) as id,
            old.confidence_score as before, new.confidence_score as after,
            old.status as status_before, new.status as status_after
       from (select * from public.learned_patterns as pattern where pattern.is_listed) as old
       full join (select * from es_building.learned_patterns as pattern
                   where pattern.is_listed) as new
         on new.namespace = old.namespace and new.id = old.id
      where old.confidence_score is distinct from new.confidence_score
         or old.status is distinct from new.status
      order by 1`,
  );
}

/** A page of ten executions costs little more than one of one, and nobody has to wait for it. */
const GATHERS_MS = 200;

export const learnerProjection: Projection<LearnerEvent, Writing> = {
  name: LEARNER,
  source: import.meta.url,
  tables: [
    'learner_keys',
    'learner_key_tasks',
    'learner_signatures',
    'learner_histograms',
    'learner_executions',
    'learner_evidence',
    'learned_patterns',
    'pattern_feedback',
    'pattern_history',
    'pattern_suggestions',
  ],
  needs: ['learner_executions_memory', 'learner_keys_kind', 'learned_patterns_key'],
  gathers: GATHERS_MS,
  rows: (sql, { tell, past }) => ({ sql, tell, past }),
  moved,

  on: Object.fromEntries(LEARNER_EVENTS.map((type) => [type, learn])),
};
