import { EventStore } from '#event-store';
import { Clock, newId, type Caller } from '#kernel';
import type { KnownTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import type { Context } from '../domain/context.js';
import type { MatchedPatterns } from './match-patterns.query.js';

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
    served: Context & MatchedPatterns,
    modelKey: string,
  ): Promise<string> {
    const suggestionId = newId();
    const data = {
      suggestion_id: suggestionId,
      task_id: task.id,
      task_type: task.type,
      items: served.similar_tasks.map(({ memory_id, similarity }) => ({ memory_id, similarity })),
      patterns: patternsIn(served),
      learner_version: served.learnerVersion,
      abstained: served.abstained,
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

/** Each pattern once, whether it was served as one or as a warning. */
function patternsIn({ matching, warnings }: MatchedPatterns): PatternItem[] {
  const items = [
    ...matching.map(({ pattern_id, status, confidence }) => ({ pattern_id, status, confidence })),
    ...warnings.map(({ pattern_id, confidence }) => ({ pattern_id, status: 'active', confidence })),
  ];

  return [...new Map(items.map((item) => [item.pattern_id, item])).values()];
}

interface PatternItem {
  readonly pattern_id: string;
  readonly status: string;
  readonly confidence: number;
}
