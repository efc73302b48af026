import type { Ranking } from '#embedding';
import type { Found, Wanted } from '../read-model/search.reader.js';
import type { SearchMemoriesResponse } from './search-memories.response.js';

/** How the hits of a search were looked for. `ms` is what all of it took. */
export function explained(
  { plan, rows, looked, embeddingMs }: Found & { readonly embeddingMs: number },
  { mode, threshold, sparesComplete }: Omit<Wanted, 'vector'>,
  ranking: Ranking,
  ms: number,
): SearchMemoriesResponse['explanation'] {
  const weight = { semantic: 1, keyword: 0, hybrid: ranking.meaningWeight }[mode];

  return {
    plan: { semantic: plan.semantic, keyword: plan.keyword },
    rows,
    candidates: {
      by_meaning: looked.by_meaning,
      by_words: looked.by_words,
      scored: looked.candidates,
    },
    terms: { asked: looked.terms, looked_up: looked.telling_terms },
    thresholds: { similarity: threshold, spares_complete: plan.keyword !== null && sparesComplete },
    weights: { similarity: weight, keyword: rounded(1 - weight, 6) },
    timings_ms: { embedding: rounded(embeddingMs, 2), search: rounded(ms - embeddingMs, 2) },
  };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
