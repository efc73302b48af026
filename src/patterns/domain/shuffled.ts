import type { Learned } from './learner-in-memory.js';
import type { Execution } from './learner.js';

/** What a gate is about: executions, and that they were taken back. */
export type Tried = Extract<Learned, { is: 'execution' | 'revocation' }>;

/** A whole number from 0 up to `end`, which is not among them. */
export type Below = (end: number) => number;

/** How an execution ended, and what it took: all that a gate says something of. */
type Outcome = Pick<Execution, 'success' | 'signature' | 'durationMs' | 'costUsd'>;

/** What may be shuffled: outcomes one by one, or those of a task together. */
export const SHUFFLES = ['by_execution', 'by_task'] as const;
export type Shuffle = (typeof SHUFFLES)[number];

/**
 * A log in which chance decided which execution had which outcome; all else stays. Whatever a key has to
 * do with outcomes is gone, and the outcomes are the same.
 *
 * `by_execution` deals them one by one. `by_task` deals the outcomes of a task together, so that tasks
 * that are hard for everybody are still there: the tasks' blocks are laid in a row in an order of chance,
 * and the tasks take from it, in order of their first execution, as many as they have executions. So a
 * block goes whole to a task as long as its own; one of another length is cut where a task ends, and
 * goes on with the next. Within a block chance decides as well: otherwise agents that do all tasks in
 * turn would keep their places, and what is theirs.
 */
export function shuffled(log: readonly Tried[], by: Shuffle, below: Below): Tried[] {
  const executions = log.flatMap((one) => (one.is === 'execution' ? [one.execution] : []));
  const places = by === 'by_task' ? placesByTask(executions) : [[...executions.keys()]];
  const row = inAnyOrder(
    places.map((block) => inAnyOrder(block, below)),
    below,
  ).flat();
  const outcomes = new Map(places.flat().map((place, nth) => [place, executions[row[nth] ?? -1]]));
  let place = 0;

  return log.map((one) => {
    if (one.is !== 'execution') return one;
    const from = outcomes.get(place) ?? one.execution;
    place += 1;
    return { ...one, execution: { ...one.execution, ...outcomeOf(from) } };
  });
}

const outcomeOf = ({ success, signature, durationMs, costUsd }: Outcome): Outcome => ({
  success,
  signature,
  durationMs,
  costUsd,
});

/** Where the executions of each task are, by its first. */
function placesByTask(executions: readonly Execution[]): number[][] {
  const places = new Map<string, number[]>();
  executions.forEach(({ task }, place) => {
    const known = places.get(task);
    if (known) known.push(place);
    else places.set(task, [place]);
  });

  return [...places.values()];
}

/** Every order as likely. (Fisher and Yates, inside out) */
function inAnyOrder<Item extends number | readonly number[]>(
  items: readonly Item[],
  below: Below,
): Item[] {
  const row: Item[] = [];
  for (const item of items) {
    const at = below(row.length + 1);
    row.push(row[at] ?? item);
    row[at] = item;
  }

  return row;
}
