import { tooFar } from './abstention.js';
import { recommend, type Precedent } from './advice.js';

/** An execution near a task; `similarity` is the cosine, 0..1. */
export interface Neighbour extends Precedent {
  readonly task_id: string;
  readonly memory_id: string;
  readonly summary: string;
  readonly similarity: number;
}

/** What is advised besides similar tasks: `says` in a sentence each. */
export interface KnownPatterns {
  readonly matching: readonly { readonly says: string }[];
  readonly warnings: readonly unknown[];
}

export interface Context {
  readonly similar_tasks: readonly Pick<
    Neighbour,
    'task_id' | 'memory_id' | 'summary' | 'similarity'
  >[];
  readonly recommendations: string[];
  readonly abstained: boolean;
  readonly reason: string | null;
}

const MOST_RECOMMENDATIONS = 3;

/**
 * What the nearest executions, best first, and the patterns are worth as advice: the successes at or
 * above `threshold`, `topK` at most, and what all of those above it say. Nothing when none is near
 * enough and no pattern matches. `successes` reach further than `nearest` where many failures stand
 * between.
 */
export function contextOf(
  nearest: readonly Neighbour[],
  { threshold, topK }: { readonly threshold: number; readonly topK: number },
  successes: readonly Neighbour[],
  patterns: KnownPatterns,
): Context {
  const isNear = ({ similarity }: Neighbour): boolean => similarity >= threshold;
  const recommendations = [
    ...recommend(nearest.filter(isNear)),
    ...patterns.matching.map(({ says }) => says),
  ].slice(0, MOST_RECOMMENDATIONS);
  const abstained = recommendations.length === 0 && patterns.warnings.length === 0;

  return {
    similar_tasks: nearestOfEachTask(successes.filter(isNear))
      .slice(0, topK)
      .map(({ task_id, memory_id, summary, similarity }) => ({
        task_id,
        memory_id,
        summary,
        similarity,
      })),
    recommendations,
    abstained,
    reason: abstained ? why(nearest[0]?.similarity, threshold) : null,
  };
}

const nearestOfEachTask = (neighbours: readonly Neighbour[]): Neighbour[] =>
  neighbours.filter(
    ({ task_id }, index) =>
      neighbours.findIndex((neighbour) => neighbour.task_id === task_id) === index,
  );

const why = (best: number | undefined, threshold: number): string =>
  best === undefined
    ? 'No other task is remembered yet.'
    : tooFar('remembered task', best, threshold);
