import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import type { Similar } from '../read-model/similar.reader.js';
import { Similarity } from '../similarity.js';
import { SearchMemories } from './search-memories.query.js';
import type { SearchMemoriesResponse } from './search-memories.response.js';

@QueryHandler(SearchMemories)
export class SearchMemoriesHandler implements IQueryHandler<SearchMemories> {
  constructor(
    private readonly similarity: Similarity,
    private readonly reuse: ReuseCounter,
  ) {}

  async execute({ caller, asked }: SearchMemories): Promise<SearchMemoriesResponse> {
    const start = performance.now();
    const threshold = asked.similarity_threshold ?? this.similarity.profile.searchThreshold;
    const nearest = await this.similarity.nearest(caller.namespace, asked.task_description, {
      filter: asked.filters,
      successOnly: asked.success_only,
      onePerTask: true,
      exceptTask: null,
      limit: asked.top_k,
    });
    const items = nearest.filter(({ similarity }) => similarity >= threshold).map(hit);
    this.reuse.count(
      caller.namespace,
      items.map(({ memory_id }) => memory_id),
    );

    return {
      items,
      threshold_used: threshold,
      model_key: this.similarity.profile.key,
      search_time_ms: Math.round((performance.now() - start) * 10) / 10,
      mode: asked.mode,
    };
  }
}

const hit = ({
  task_id,
  memory_id,
  summary,
  success,
  similarity,
  reused_count,
}: Similar): SearchMemoriesResponse['items'][number] => ({
  task_id,
  memory_id,
  summary,
  success,
  similarity_score: similarity,
  keyword_score: null,
  rank_score: similarity,
  reused_count,
  highlights: [],
});
