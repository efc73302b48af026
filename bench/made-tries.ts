import { type Execution } from '../src/patterns/domain/learner.js';
import { type Tried } from '../src/patterns/domain/shuffled.js';

/** Whole numbers from 0 up to an end that is not among them. */
type Below = (end: number) => number;

const TYPES = ['fix_api', 'fix_console', 'review_api', 'review_console'];
const [TASKS, AGENTS, TAGS, LABELS] = [100, 8, 10, 2];
/** How likely the worst agent succeeds at the hardest task, and what the best and the easiest add. */
const [WORST, BETTER_AGENT, EASIER_TASK] = [0.1, 0.3, 0.5];

const names = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `${what}-${nth}`);
const [AGENT_NAMES, TAG_NAMES] = [names('agent', AGENTS), names('tag', TAGS)];

/**
 * A log of random tasks, of 100 that are not equally hard, tried by random agents that are not equally
 * good: the same for the same numbers.
 */
export function madeTries(executions: number, below: Below): Tried[] {
  const tasks = Array.from({ length: TASKS }, () => ({ ease: part(below), labels: some(below) }));

  return Array.from({ length: executions }, (_, nth) => {
    const [task, agent] = [below(TASKS), below(AGENTS)];
    const { ease = 0, labels } = tasks[task] ?? {};
    const rate = WORST + (BETTER_AGENT * agent) / (AGENTS - 1) + EASIER_TASK * ease;

    return tried(nth, {
      task: `task-${task}`,
      taskType: TYPES[task % TYPES.length],
      agent: AGENT_NAMES[agent],
      ...labels,
      success: part(below) < rate,
      durationMs: 20_000 + below(100_000),
    });
  });
}

/** The agent whose success is another one. */
export const PLANTED = 'planted';
const EVERYBODY = [PLANTED, ...AGENT_NAMES];

/**
 * A log of tasks of their own in which nothing matters but one agent, who succeeds at another rate
 * (0..1) than its eight siblings. In each round each of them is there once, in any order.
 */
export function plantedTries(
  rounds: number,
  { base, planted }: { readonly base: number; readonly planted: number },
  below: Below,
): Tried[] {
  const turns = Array.from({ length: rounds }, () => {
    const waiting = [...EVERYBODY];
    return EVERYBODY.flatMap(() => waiting.splice(below(waiting.length), 1));
  }).flat();

  return turns.map((agent, nth) =>
    tried(nth, {
      task: `task-${nth}`,
      taskType: TYPES[below(TYPES.length)],
      agent,
      ...some(below),
      success: part(below) < (agent === PLANTED ? planted : base),
    }),
  );
}

const tried = (nth: number, known: Partial<Execution>): Tried => ({
  is: 'execution',
  execution: {
    memoryId: `memory-${nth}`,
    task: '',
    taskType: '',
    description: null,
    agent: null,
    tags: [],
    tools: [],
    success: true,
    signature: null,
    isEcho: false,
    durationMs: null,
    costUsd: null,
    ...known,
  },
});

const some = (below: Below): { tags: string[]; tools: string[] } => ({
  tags: Array.from({ length: LABELS }, () => TAG_NAMES[below(TAGS)] ?? ''),
  tools: [['shell', 'editor', 'browser'][below(3)] ?? ''],
});

/** From 0 up to 1, in millionths. */
const part = (below: Below): number => below(1e6) / 1e6;
