import type { EmbeddingProfile } from '#embedding';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReuseCounter } from '../count-reuse/reuse-counter.js';
import { whyNothing } from '../domain/abstention.js';
import { diverse } from '../domain/diversity.js';
import { RecallMonitor } from '../measure-recall/recall-monitor.js';
import type { Found, Hit, Wanted } from '../read-model/search.reader.js';
import { Similarity } from '../similarity.js';
import { explained } from './explanation.js';
import { SearchMemories } from './search-memories.query.js';
import type { SearchMemoriesRequest } from './search-memories.request.js';
import type { SearchMemoriesResponse } from './search-memories.response.js';

@QueryHandler(SearchMemories)
export class SearchMemoriesHandler implements IQueryHandler<SearchMemories> {
  constructor(
    private readonly similarity: Similarity,
    private readonly reuse: ReuseCounter,
    private readonly recall: RecallMonitor,
  ) {}

  async execute({ caller, asked, signal }: SearchMemories): Promise<SearchMemoriesResponse> {
    const start = performance.now();
    const { space } = this.similarity;
    const { profile } = space.vectors;
    const wanted = wantedBy(asked, profile);
    const found = await this.similarity.search(space, caller.namespace, wanted, signal);
    const items = chosen(found.hits, asked).map(itemOf);
    this.reuse.count(
      caller.namespace,
      items.map(({ memory_id }) => memory_id),
    );
    const ms = performance.now() - start;
    // What diversity leaves out was found all the same.
    const { top_k: limit } = asked;
    this.recall.note({ plan: found.plan, hits: found.hits.slice(0, limit) }, () =>
      this.similarity.search(space, caller.namespace, { ...wanted, accuracy: 'exact', limit }),
    );

    return {
      items,
      threshold_used: wanted.threshold,
      model_key: profile.key,
      search_time_ms: Math.round(ms * 10) / 10,
      mode: asked.mode,
      abstained: items.length === 0,
      reason: items.length === 0 ? why(found, wanted.threshold) : null,
      explanation: asked.explain ? explained(found, wanted, profile.ranking, ms) : null,
    };
  }
}

/** A threshold that is given is meant as it is; words that were asked for need none by themselves. */
function wantedBy(
  asked: SearchMemoriesRequest,
  { searchThreshold, ranking }: EmbeddingProfile,
): Omit<Wanted, 'vector'> {
  const { mode, accuracy, similarity_threshold: given } = asked;

  return {
    mode,
    accuracy,
    text: asked.task_description,
    where: {
      filter: asked.filters,
      successOnly: asked.success_only,
      exceptTask: asked.task_id,
    },
    threshold: given ?? (mode === 'keyword' ? 0 : searchThreshold),
    sparesComplete: given === null,
    limit: asked.diversity > 0 ? 2 * ranking.candidates : asked.top_k,
    onePerTask: true,
    withHighlights: true,
    withVectors: asked.diversity > 0,
  };
}

const chosen = (hits: readonly Hit[], { diversity, top_k }: SearchMemoriesRequest): Hit[] =>
  diverse(
    hits.map((hit) => ({ ...hit, direction: directionOf(hit) })),
    diversity,
    top_k,
  );

const directionOf = ({ vector }: Hit): number[] | null =>
  vector === null ? null : (JSON.parse(vector) as number[]);

const why = (
  { looked: { nearest, lacks_vectors: lacksVectors } }: Found,
  threshold: number,
): string => whyNothing({ nearest, lacksVectors }, threshold, AMONG_MEMORIES);

const AMONG_MEMORIES = {
  none: 'No memory fits: there is none yet, or the filters and the words leave none.',
  what: 'memory',
};

const itemOf = ({
  similarity,
  keyword,
  rank,
  highlights,
  ...hit
}: Hit): SearchMemoriesResponse['items'][number] => ({
  task_id: hit.task_id,
  memory_id: hit.memory_id,
  summary: hit.summary,
  success: hit.success,
  similarity_score: similarity,
  keyword_score: keyword,
  rank_score: rank,
  reused_count: hit.reused_count,
  highlights: [...(highlights ?? [])],
});
