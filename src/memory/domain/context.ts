import { whyNothing, type Nearest } from './abstention.js';
import { recommend, type Precedent } from './advice.js';

/** A success that resembles a task; `similarity` is the cosine, 0..1. */
export interface SimilarTask {
  readonly task_id: string;
  readonly memory_id: string;
  readonly summary: string;
  readonly similarity: number;
}

/** The executions that resemble a task enough, successes and failures, and how near any came. */
export interface Neighbours extends Nearest {
  readonly precedents: readonly Precedent[];
  /** The similarity that was needed, 0..1. */
  readonly threshold: number;
}

/** What is advised besides similar tasks: `says` in a sentence each. */
export interface KnownPatterns {
  readonly matching: readonly { readonly says: string }[];
  readonly warnings: readonly unknown[];
}

export interface Context {
  readonly similar_tasks: readonly SimilarTask[];
  readonly recommendations: string[];
  readonly abstained: boolean;
  readonly reason: string | null;
}

const MOST_RECOMMENDATIONS = 3;

/**
 * What similar tasks, their executions and the patterns are worth as advice, in three sentences at
 * most. Nothing, and why, when no task is similar and no pattern matches.
 */
export function contextOf(
  similar: readonly SimilarTask[],
  neighbours: Neighbours,
  patterns: KnownPatterns,
): Context {
  const recommendations = [
    ...recommend(neighbours.precedents),
    ...patterns.matching.map(({ says }) => says),
  ].slice(0, MOST_RECOMMENDATIONS);
  const abstained = [similar, recommendations, patterns.warnings].every(
    ({ length }) => length === 0,
  );

  return {
    similar_tasks: nearestFirst(similar).map(({ task_id, memory_id, summary, similarity }) => ({
      task_id,
      memory_id,
      summary,
      similarity,
    })),
    recommendations,
    abstained,
    reason: abstained ? whyNothing(neighbours, neighbours.threshold, AMONG_TASKS) : null,
  };
}

/** They were chosen by their words as well, but it is the similarity that is shown. */
const nearestFirst = (similar: readonly SimilarTask[]): SimilarTask[] =>
  similar.toSorted((a, b) => b.similarity - a.similarity);

const AMONG_TASKS = { none: 'No other task is remembered yet.', what: 'remembered task' };
