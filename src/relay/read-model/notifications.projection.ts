import type { Outgoing, Projection, StoredEvent, Tell } from '#event-store';
import { nameBasedId } from '#kernel';
import type { ContextWasSuggested, ExecutionStored } from '#memory';

const idOf = (event: StoredEvent, type: string, subject: string): string =>
  nameBasedId(JSON.stringify([event.id, type, subject]));

function outgoing(
  event: StoredEvent,
  type: string,
  subject: string,
  data: Outgoing['data'],
): Outgoing {
  return { id: idOf(event, type, subject), type, subject, position: event.position, data };
}

const storedIn = (event: StoredEvent<ExecutionStored>): Outgoing => {
  const { memory_id, task_id, success } = event.data;

  return outgoing(event, 'memory.stored', memory_id, {
    memory_id,
    task_id,
    success,
    has_embedding: false,
  });
};

const suggestedIn = (event: StoredEvent<ContextWasSuggested>): Outgoing[] => {
  const { suggestion_id, task_id, items, patterns } = event.data;
  const counts = { similar_count: items.length, pattern_count: patterns.length };

  return [
    outgoing(event, 'memory.context.suggested', suggestion_id, {
      suggestion_id,
      task_id,
      ...counts,
    }),
    ...patterns.map(({ pattern_id, confidence }) =>
      outgoing(event, 'memory.pattern.matched', pattern_id, {
        pattern_id,
        suggestion_id,
        task_id,
        confidence,
      }),
    ),
  ];
};

/**
 * What the log itself has to tell. It has no tables and so nothing to rebuild: each event is told when
 * it is read for the first time.
 */
export const notifications: Projection<ContextWasSuggested | ExecutionStored, Tell> = {
  name: 'notifications',
  source: import.meta.url,
  tables: [],
  rows: (_sql, { tell }) => tell,

  on: {
    'memory.execution_stored': (events, tell) => {
      tell(events.map(storedIn));
      return Promise.resolve();
    },
    'context.suggested': (events, tell) => {
      tell(events.flatMap(suggestedIn));
      return Promise.resolve();
    },
  },
};
