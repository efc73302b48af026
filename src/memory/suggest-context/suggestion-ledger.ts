import { EventStore } from '#event-store';
import { Clock, newId, type Caller } from '#kernel';
import type { KnownTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import type { Context } from '../domain/context.js';

/** Writes what was suggested into the log, so that its outcome can be learned from. */
@Injectable()
export class SuggestionLedger {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Returns the id of the suggestion. */
  async record(
    caller: Caller,
    task: KnownTask,
    context: Context,
    modelKey: string,
  ): Promise<string> {
    const suggestionId = newId();
    const data = {
      suggestion_id: suggestionId,
      task_id: task.id,
      task_type: task.type,
      items: context.similar_tasks.map(({ memory_id, similarity }) => ({ memory_id, similarity })),
      abstained: context.abstained,
      model_key: modelKey,
      at: this.clock.now().toISOString(),
    };
    await this.store.append({
      caller,
      writes: [
        {
          stream: `suggestion-${suggestionId}`,
          expected: 0,
          events: [{ type: 'context.suggested', data }],
        },
      ],
      keys: [],
      result: {},
      causationId: null,
    });

    return suggestionId;
  }
}
