import type { Ranking } from '#embedding';
import { EXACT_ROWS } from './among.js';
import type { VectorTable } from './vector-table.js';

export type SearchMode = 'semantic' | 'keyword' | 'hybrid';

/** What a search looks at and how: rows one by one, or through an index. */
export interface SearchPlan {
  readonly mode: SearchMode;
  /** null: what is near is not looked for. */
  readonly semantic: 'exact' | 'index' | null;
  /** null: words are not looked at. */
  readonly keyword: 'exact' | 'index' | null;
  readonly neighbours: number;
  /** Of which executions the tasks are put forward: the best of each leg, or all. */
  readonly isWide: boolean;
  /** Of the executions of one task only the best. */
  readonly onePerTask: boolean;
  /** What is wanted of each hit besides its scores. */
  readonly withVectors: boolean;
  readonly withHighlights: boolean;
}

/** How thoroughly is looked: `exact` at every row, however many they are. */
export type Accuracy = 'fast' | 'balanced' | 'exact';

/**
 * What is wanted, up to how many rows it is looked for in all of their vectors, and for how many an
 * index is asked.
 */
export interface Reaching extends Pick<
  SearchPlan,
  'mode' | 'onePerTask' | 'withVectors' | 'withHighlights'
> {
  readonly reach: number;
  readonly neighbours: number;
}

/** @param rows how many the filter leaves, as far as it matters; null: all are to be looked at */
export function planOf(
  { mode, reach, neighbours, ...wanted }: Reaching,
  rows: number | null,
  { isIndexed }: Pick<VectorTable, 'isIndexed'>,
): SearchPlan {
  const how = (most: number): 'exact' | 'index' =>
    rows === null || rows <= most ? 'exact' : 'index';

  return {
    mode,
    semantic: mode === 'keyword' ? null : how(isIndexed ? reach : Infinity),
    keyword: mode === 'semantic' ? null : how(EXACT_ROWS),
    neighbours,
    isWide: false,
    onePerTask: wanted.onePerTask,
    withVectors: wanted.withVectors,
    withHighlights: wanted.withHighlights,
  };
}

/** Every execution that is asked for is looked at: a few tasks have very many of them. */
export const wide = (plan: SearchPlan): SearchPlan => ({
  ...plan,
  isWide: true,
  semantic: plan.semantic && 'exact',
  keyword: plan.keyword && 'exact',
});

/** @param total how many vectors there are of all tenants: the index is one for all of them */
export function neighboursOf(
  accuracy: Accuracy,
  total: number,
  { neighbours, largeFrom }: Ranking,
): number {
  if (accuracy === 'fast') return neighbours.fast;

  return total < largeFrom ? neighbours.balanced : neighbours.large;
}
