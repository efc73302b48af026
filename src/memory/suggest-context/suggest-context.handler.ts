import { embedOne, Embedder } from '#embedding';
import { EventStore } from '#event-store';
import { Clock, newId, notFound, type Caller } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import { contextOf, type Context } from '../domain/context.js';
import { embeddedText } from '../domain/embedded-text.js';
import { memoryFilter } from '../read-model/memory-filter.js';
import { SimilarReader } from '../read-model/similar.reader.js';
import { SuggestContext } from './suggest-context.command.js';
import type { SuggestContextResponse } from './suggest-context.response.js';

/** So many executions at most are what a recommendation speaks of. */
const PRECEDENTS = 20;

const EVERYTHING = memoryFilter.parse({});

@CommandHandler(SuggestContext)
export class SuggestContextHandler implements ICommandHandler<SuggestContext> {
  constructor(
    private readonly store: EventStore,
    private readonly tasks: Tasks,
    private readonly embedder: Embedder,
    private readonly similar: SimilarReader,
    private readonly reuse: ReuseCounter,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, taskId, asked }: SuggestContext): Promise<SuggestContextResponse> {
    const task = await this.tasks.find(caller.namespace, taskId);
    if (!task) throw notFound('task.unknown', `There is no task ${taskId}.`);
    const { vector } = await embedOne(this.embedder, wordsOf(task), 'query');
    const nearest = await this.similar.nearest(caller.namespace, vector, {
      filter: EVERYTHING,
      successOnly: false,
      exceptTask: taskId,
      limit: PRECEDENTS,
    });
    const threshold = asked.similarity_threshold ?? this.embedder.profile.suggestThreshold;
    const context = contextOf(nearest, { threshold, topK: asked.top_k });

    return {
      suggestion_id: asked.record ? await this.record(caller, task, context) : null,
      ...context,
      similar_tasks: [...context.similar_tasks],
      matching_patterns: [],
      warnings: [],
    };
  }

  /** The suggestion goes into the log, so that its outcome can be learned from. */
  private async record(caller: Caller, task: KnownTask, context: Context): Promise<string> {
    const suggestionId = newId();
    const items = context.similar_tasks.map(({ memory_id, similarity }) => ({
      memory_id,
      similarity,
    }));
    await this.store.append({
      caller,
      writes: [
        {
          stream: `suggestion-${suggestionId}`,
          expected: 0,
          events: [
            {
              type: 'context.suggested',
              data: {
                suggestion_id: suggestionId,
                task_id: task.id,
                task_type: task.type,
                items,
                abstained: context.abstained,
                model_key: this.embedder.profile.key,
                at: this.clock.now().toISOString(),
              },
            },
          ],
        },
      ],
      keys: [],
      result: {},
      causationId: null,
    });
    this.reuse.count(
      caller.namespace,
      items.map(({ memory_id }) => memory_id),
    );

    return suggestionId;
  }
}

/** A task without a description is known by its type alone. */
const wordsOf = ({ type, description }: KnownTask): string =>
  embeddedText(null, description?.trim() ? description : type.replaceAll(/[_/]+/g, ' '));
