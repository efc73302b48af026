import { Followers, type Policy } from '#event-store';
import { Injectable } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import type { MemoryEvent } from './domain/memory.events.js';
import { ContextSuggested, MemoryStored } from './notifications.js';

/** Tells sibling modules what happened, after it was committed. */
@Injectable()
export class TellSiblings implements Policy<MemoryEvent> {
  readonly name = 'tell-siblings-of-memory';

  readonly on: Policy<MemoryEvent>['on'] = {
    'memory.execution_stored': ({ namespace, data: { memory_id, task_id, success } }) => {
      const told = { memory_id, task_id, success, has_embedding: false };
      this.events.publish(new MemoryStored(namespace, told));
      return Promise.resolve();
    },
    'context.suggested': ({ namespace, data: { suggestion_id, task_id, items, patterns } }) => {
      const counts = { similar_count: items.length, pattern_count: patterns.length };
      this.events.publish(new ContextSuggested(namespace, { suggestion_id, task_id, ...counts }));
      return Promise.resolve();
    },
  };

  constructor(
    private readonly events: EventBus,
    followers: Followers,
  ) {
    followers.react<MemoryEvent>(this);
  }
}
