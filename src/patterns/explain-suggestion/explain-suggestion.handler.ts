import { DomainError, type Caller } from '#kernel';
import { GetMemory, unknownSuggestion } from '#memory';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CaughtUp } from '../learn/caught-up.js';
import { LookBack } from '../look-back/look-back.js';
import { SuggestionReader, type RecordedSuggestion } from '../read-model/suggestion.reader.js';
import type { SuggestionResponse } from '../read-model/suggestion.response.js';
import { ExplainSuggestion } from './explain-suggestion.query.js';

type SimilarTask = SuggestionResponse['similar_tasks'][number];
type ServedPattern = SuggestionResponse['patterns'][number];

@QueryHandler(ExplainSuggestion)
export class ExplainSuggestionHandler implements IQueryHandler<ExplainSuggestion> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly suggestions: SuggestionReader,
    private readonly lookBack: LookBack,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, id }: ExplainSuggestion): Promise<SuggestionResponse> {
    await this.caughtUp.withOutcomes();
    const found = await this.suggestions.one(caller.namespace, id);
    if (!found) throw unknownSuggestion(id);
    const { items, patterns, ...suggestion } = found;
    const similar: SimilarTask[] = [];
    for (const item of items) similar.push(await this.recall(caller, item));
    const served: ServedPattern[] = [];
    const until = BigInt(suggestion.position);
    // One by one: each may go through all evidence there is.
    for (const pattern of patterns) {
      const then = await this.lookBack.pattern(caller.namespace, pattern.pattern_id, until);
      served.push({ ...pattern, says: then?.says ?? null, evidence: then?.evidence ?? null });
    }

    return {
      ...suggestion,
      similar_tasks: similar,
      similar_tasks_rule: ruleOf(suggestion),
      patterns: served,
    };
  }

  /** What is left of a memory that was served. */
  private async recall(
    caller: Caller,
    item: RecordedSuggestion['items'][number],
  ): Promise<SimilarTask> {
    const memory = await this.queries.execute(new GetMemory(caller, item.memory_id)).catch(ifGone);

    return {
      ...item,
      status: memory?.status ?? 'erased',
      task_id: memory?.task_id ?? null,
      summary: memory?.execution_summary ?? null,
    };
  }
}

function ifGone(error: unknown): null {
  if (error instanceof DomainError && error.code === 'memory.unknown') return null;
  throw error;
}

const ruleOf = ({
  threshold_used: threshold,
  top_k: topK,
}: Pick<SuggestionResponse, 'threshold_used' | 'top_k'>): string | null =>
  threshold === null || topK === null
    ? null
    : `Successes of other tasks with a similarity of at least ${String(threshold)}: the nearest of each task, at most ${String(topK)}.`;
