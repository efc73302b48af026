import { EventStore } from '#event-store';
import { Clock, newId, type Caller } from '#kernel';
import type { KnownTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import type { Context } from '../domain/context.js';
import type { ContextWasSuggested } from '../domain/memory.events.js';
import { suggestionStreamOf } from '../domain/suggestion.js';
import type { MatchedPatterns } from './match-patterns.query.js';

/** What was served, and within which limits it was looked for. */
export interface Served extends Context, MatchedPatterns {
  /** The similarity that was needed, 0..1. */
  readonly threshold: number;
  readonly topK: number;
  readonly modelKey: string;
}

/** Writes what was suggested into the log, so that its outcome can be learned from. */
@Injectable()
export class SuggestionLedger {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Returns the id of the suggestion. */
  async record(caller: Caller, task: KnownTask, served: Served): Promise<string> {
    const suggestionId = newId();
    const data = {
      suggestion_id: suggestionId,
      task_id: task.id,
      task_type: task.type,
      items: served.similar_tasks.map(({ memory_id, similarity }) => ({ memory_id, similarity })),
      patterns: patternsIn(served),
      threshold: served.threshold,
      top_k: served.topK,
      learner_version: served.learnerVersion,
      abstained: served.abstained,
      reason: served.reason,
      model_key: served.modelKey,
      at: this.clock.now().toISOString(),
    };
    await this.store.append({
      caller,
      writes: [
        {
          stream: suggestionStreamOf(suggestionId),
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
function patternsIn({ matching, warnings, rules }: MatchedPatterns): PatternItem[] {
  const items = [
    ...matching.map(({ pattern_id, status, confidence }) => ({
      pattern_id,
      status,
      confidence,
      served_as: 'advice' as const,
    })),
    ...warnings.map(({ pattern_id, confidence }) => ({
      pattern_id,
      status: 'active',
      confidence,
      served_as: 'warning' as const,
    })),
  ];
  const once = new Map(items.map((item) => [item.pattern_id, item]));

  return [...once.values()].map((item) => ({ ...item, rule: rules[item.pattern_id] ?? null }));
}

type PatternItem = ContextWasSuggested['data']['patterns'][number];
