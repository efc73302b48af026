import type { Policy } from '#event-store';
import type { EventBus } from '@nestjs/cqrs';
import type { MemoryEvent } from './domain/memory.events.js';
import { ContextSuggested, MemoryStored } from './notifications.js';

/** Tells sibling modules what happened, after it was committed. */
export const tellSiblings = (events: EventBus): Policy<MemoryEvent> => ({
  name: 'tell-siblings-of-memory',
  on: {
    'memory.execution_stored': ({ namespace, data: { memory_id, task_id, success } }) => {
      events.publish(
        new MemoryStored(namespace, { memory_id, task_id, success, has_embedding: false }),
      );
      return Promise.resolve();
    },
    'context.suggested': ({ namespace, data: { suggestion_id, task_id, items } }) => {
      const counts = { similar_count: items.length, pattern_count: 0 };
      events.publish(new ContextSuggested(namespace, { suggestion_id, task_id, ...counts }));
      return Promise.resolve();
    },
  },
});
