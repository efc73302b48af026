import { notFound, type Caller } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import { contextOf } from '../domain/context.js';
import { Similarity } from '../similarity.js';
import { MatchPatterns } from './match-patterns.query.js';
import { precedentsOf, similarTasksOf } from './resembling.js';
import { SuggestContext } from './suggest-context.command.js';
import type { SuggestContextResponse } from './suggest-context.response.js';
import { SuggestionLedger, type Served } from './suggestion-ledger.js';

@CommandHandler(SuggestContext)
export class SuggestContextHandler implements ICommandHandler<SuggestContext> {
  constructor(
    private readonly tasks: Tasks,
    private readonly similarity: Similarity,
    private readonly ledger: SuggestionLedger,
    private readonly reuse: ReuseCounter,
    private readonly queries: QueryBus,
  ) {}

  async execute({
    caller,
    taskId,
    asked,
    signal,
  }: SuggestContext): Promise<SuggestContextResponse> {
    const task = await this.tasks.find(caller.namespace, taskId);
    if (!task) throw notFound('task.unknown', `There is no task ${taskId}.`);
    const { space } = this.similarity;
    const { key: modelKey, suggestThreshold } = space.vectors.profile;
    const threshold = asked.similarity_threshold ?? suggestThreshold;
    const [executions, successes, patterns] = await Promise.all([
      this.similarity.search(space, caller.namespace, precedentsOf(task, threshold), signal),
      this.similarity.search(
        space,
        caller.namespace,
        similarTasksOf(task, threshold, asked),
        signal,
      ),
      this.queries.execute(new MatchPatterns(caller, task)),
    ]);
    const { hits: precedents, looked } = executions;
    const { nearest, lacks_vectors: lacksVectors } = looked;
    const neighbours = { precedents, nearest, lacksVectors, threshold };
    const context = contextOf(successes.hits, neighbours, patterns);
    const served = { ...context, ...patterns, threshold, topK: asked.top_k, modelKey };

    return {
      suggestion_id: asked.record ? await this.record(caller, task, served) : null,
      ...context,
      similar_tasks: [...context.similar_tasks],
      matching_patterns: patterns.matching,
      warnings: patterns.warnings,
    };
  }

  private record(caller: Caller, task: KnownTask, served: Served): Promise<string> {
    this.reuse.count(
      caller.namespace,
      served.similar_tasks.map(({ memory_id }) => memory_id),
    );

    return this.ledger.record(caller, task, served);
  }
}
