import type { KnownTask } from '#tasks';
import { memoryFilter } from '../read-model/memory-filter.js';
import type { Wanted } from '../read-model/search.reader.js';
import type { ContextAsked } from './suggest-context.request.js';

/** So many executions at most are what a recommendation speaks of. */
const PRECEDENTS = 20;

const EVERYTHING = memoryFilter.parse({});

type Resembling = Omit<Wanted, 'vector'>;

/** The executions that mean about the same as `task`, however they ended. */
export const precedentsOf = (task: KnownTask, threshold: number): Resembling => ({
  ...resembling(task, threshold),
  mode: 'semantic',
  sparesComplete: false,
  onePerTask: false,
  limit: PRECEDENTS,
});

/**
 * The tasks that ended well and mean about the same as `task`, or have every word of its description
 * when no threshold was given. The words of a type are too common to say that.
 */
export function similarTasksOf(
  task: KnownTask,
  threshold: number,
  { similarity_threshold: given, top_k: limit }: ContextAsked,
): Resembling {
  const { where, ...wanted } = resembling(task, threshold);

  return {
    ...wanted,
    where: { ...where, successOnly: true },
    mode: 'hybrid',
    sparesComplete: given === undefined && saidOf(task) !== null,
    onePerTask: true,
    limit,
  };
}

const resembling = (
  task: KnownTask,
  threshold: number,
): Pick<
  Resembling,
  'accuracy' | 'where' | 'text' | 'threshold' | 'withVectors' | 'withHighlights'
> => ({
  accuracy: 'balanced',
  where: { filter: EVERYTHING, successOnly: false, exceptTask: task.id },
  text: wordsOf(task),
  threshold,
  withVectors: false,
  withHighlights: false,
});

/** What a task is about in words of people; null when nobody said. */
const saidOf = ({ description }: KnownTask): string | null =>
  description?.trim() ? description : null;

/** A task without a description is known by its type alone. */
const wordsOf = (task: KnownTask): string => saidOf(task) ?? task.type.replaceAll(/[_/]+/g, ' ');
