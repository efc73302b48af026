import { notFound, type Caller } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import { contextOf } from '../domain/context.js';
import { memoryFilter } from '../read-model/memory-filter.js';
import type { Neighbourhood, Similar } from '../read-model/similar.reader.js';
import { Similarity } from '../similarity.js';
import { MatchPatterns } from './match-patterns.query.js';
import { SuggestContext } from './suggest-context.command.js';
import type { SuggestContextResponse } from './suggest-context.response.js';
import { SuggestionLedger, type Served } from './suggestion-ledger.js';

/** So many executions at most are what a recommendation speaks of. */
const PRECEDENTS = 20;

const EVERYTHING = memoryFilter.parse({});

@CommandHandler(SuggestContext)
export class SuggestContextHandler implements ICommandHandler<SuggestContext> {
  constructor(
    private readonly tasks: Tasks,
    private readonly similarity: Similarity,
    private readonly ledger: SuggestionLedger,
    private readonly reuse: ReuseCounter,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, taskId, asked }: SuggestContext): Promise<SuggestContextResponse> {
    const task = await this.tasks.find(caller.namespace, taskId);
    if (!task) throw notFound('task.unknown', `There is no task ${taskId}.`);
    const [nearest, successes, patterns] = await Promise.all([
      this.similar(caller, task, { successOnly: false, onePerTask: false, limit: PRECEDENTS }),
      this.similar(caller, task, { successOnly: true, onePerTask: true, limit: asked.top_k }),
      this.queries.execute(new MatchPatterns(caller, task)),
    ]);
    const threshold = asked.similarity_threshold ?? this.similarity.profile.suggestThreshold;
    const limits = { threshold, topK: asked.top_k };
    const context = contextOf(nearest, limits, successes, patterns);
    const served = { ...context, ...patterns, ...limits };

    return {
      suggestion_id: asked.record ? await this.record(caller, task, served) : null,
      ...context,
      similar_tasks: [...context.similar_tasks],
      matching_patterns: patterns.matching,
      warnings: patterns.warnings,
    };
  }

  private similar(
    { namespace }: Caller,
    task: KnownTask,
    wanted: Pick<Neighbourhood, 'successOnly' | 'onePerTask' | 'limit'>,
  ): Promise<Similar[]> {
    const among = { filter: EVERYTHING, exceptTask: task.id };

    return this.similarity.nearest(namespace, wordsOf(task), { ...among, ...wanted });
  }

  private record(
    caller: Caller,
    task: KnownTask,
    served: Omit<Served, 'modelKey'>,
  ): Promise<string> {
    this.reuse.count(
      caller.namespace,
      served.similar_tasks.map(({ memory_id }) => memory_id),
    );

    return this.ledger.record(caller, task, { ...served, modelKey: this.similarity.profile.key });
  }
}

/** A task without a description is known by its type alone. */
const wordsOf = ({ type, description }: KnownTask): string =>
  description?.trim() ? description : type.replaceAll(/[_/]+/g, ' ');
