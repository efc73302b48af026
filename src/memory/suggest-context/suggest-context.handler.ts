import { notFound, type Caller } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import { contextOf } from '../domain/context.js';
import { memoryFilter } from '../read-model/memory-filter.js';
import type { Neighbourhood, Similar } from '../read-model/similar.reader.js';
import type { OpenSpace } from '../read-model/spaces.js';
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
    const { space } = this.similarity;
    const { key: modelKey, suggestThreshold } = space.vectors.profile;
    const similar = this.similarTo(space, caller, task);
    const [nearest, successes, patterns] = await Promise.all([
      similar({ successOnly: false, onePerTask: false, limit: PRECEDENTS }),
      similar({ successOnly: true, onePerTask: true, limit: asked.top_k }),
      this.queries.execute(new MatchPatterns(caller, task)),
    ]);
    const threshold = asked.similarity_threshold ?? suggestThreshold;
    const limits = { threshold, topK: asked.top_k };
    const context = contextOf(nearest, limits, successes, patterns);
    const served = { ...context, ...patterns, ...limits, modelKey };

    return {
      suggestion_id: asked.record ? await this.record(caller, task, served) : null,
      ...context,
      similar_tasks: [...context.similar_tasks],
      matching_patterns: patterns.matching,
      warnings: patterns.warnings,
    };
  }

  private similarTo(
    space: OpenSpace,
    { namespace }: Caller,
    task: KnownTask,
  ): (wanted: Pick<Neighbourhood, 'successOnly' | 'onePerTask' | 'limit'>) => Promise<Similar[]> {
    const among = { filter: EVERYTHING, exceptTask: task.id };

    return (wanted) =>
      this.similarity.nearest(space, namespace, wordsOf(task), { ...among, ...wanted });
  }

  private record(caller: Caller, task: KnownTask, served: Served): Promise<string> {
    this.reuse.count(
      caller.namespace,
      served.similar_tasks.map(({ memory_id }) => memory_id),
    );

    return this.ledger.record(caller, task, served);
  }
}

/** A task without a description is known by its type alone. */
const wordsOf = ({ type, description }: KnownTask): string =>
  description?.trim() ? description : type.replaceAll(/[_/]+/g, ' ');
