import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type { LearnerEvent } from './learner-events.js';
import { LearnerRun } from './learner-run.js';

/** Rises with every change of what the learner concludes; contexts say which one served them. */
export const LEARNER_VERSION = 1;

/** Everything the learner reads is one run, whatever its types: it has to be read in log order. */
async function learn(events: readonly StoredEvent<LearnerEvent>[], sql: Sql): Promise<void> {
  for (const namespace of new Set(events.map((event) => event.namespace))) {
    await new LearnerRun(sql, namespace).learn(
      events.filter((event) => event.namespace === namespace),
    );
  }
}

/** A page of ten executions costs little more than one of one, and nobody has to wait for it. */
const GATHERS_MS = 200;

export const learnerProjection: Projection<LearnerEvent, Sql> = {
  name: 'learner',
  version: LEARNER_VERSION,
  gathers: GATHERS_MS,
  rows: (sql) => sql,

  on: {
    'memory.execution_stored': learn,
    'memory.revoked': learn,
    'context.suggested': learn,
    'pattern.extracted': learn,
    'pattern.feedback_given': learn,
    'pattern.retired': learn,
    'pattern.restored': learn,
  },
};
