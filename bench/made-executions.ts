import { type Execution } from '../src/patterns/domain/learner.js';

const TASKS = 1_000;
/** Four prefixes with three types each. */
const TYPES = ['implement', 'fix', 'review', 'deploy'].flatMap((prefix) =>
  ['api', 'console', 'database'].map((area) => `${prefix}_${area}`),
);
const AGENTS = Array.from({ length: 8 }, (_, n) => `agent-${n}`);
const TAGS = Array.from({ length: 20 }, (_, n) => `tag-${n}`);
const TOOLS = Array.from({ length: 20 }, (_, n) => `tool-${n}`);
const [FEWEST_LABELS, MOST_LABELS] = [3, 10];
const SIGNATURES = ['TypeError', 'TimeoutError', 'AssertionError', 'ParseError', 'IOError'].flatMap(
  (error) =>
    ['reading', 'writing', 'calling', 'loading', 'closing', 'checking'].map(
      (doing) => `${error} while ${doing} #`,
    ),
);

/** A task goes wrong in ways of its own. */
const ERRORS_OF_A_TASK = 3;

/** One finds a third of all executions, the other a third of those that are about an API. */
export const REGEXES = ['login', '^\\w+_api .*report'];

/** The shortest in ms and the cheapest in US dollars, and how often it may double. */
const [SHORTEST, CHEAPEST, DOUBLINGS] = [20_000, 0.01, 4];

/** How likely the worst agent succeeds at the worst type, and what the next better one adds. */
const [WORST, BETTER_AGENT, BETTER_TYPE] = [0.3, 0.03, 0.02];

/**
 * Executions without end, the same for the same seed: each a random task tried by a random agent, with
 * tags and tools drawn anew and, when it fails, one of its task's errors. Agents and types differ in how
 * often they succeed, and nothing in how long they take and what they cost.
 */
export function* madeExecutions(seed: number): Generator<Execution, never> {
  const random = randomNumbers(seed);
  const amount = randomNumbers(-seed);
  const below = (end: number): number => Math.floor(random() * end);
  const some = (pool: readonly string[]): string[] => {
    const wanted = FEWEST_LABELS + below(MOST_LABELS - FEWEST_LABELS + 1);
    return shuffled(pool, below).slice(0, wanted);
  };
  for (let number = 0; ; number += 1) {
    const [task, by] = [below(TASKS), below(AGENTS.length)];
    const kind = task % TYPES.length;
    const success = random() < WORST + BETTER_AGENT * by + BETTER_TYPE * kind;
    yield {
      memoryId: `memory-${seed}-${number}`,
      task: `task-${task}`,
      taskType: TYPES[kind] ?? '',
      description: `Mend the ${['login', 'report', 'search'][below(3)] ?? ''} of part ${task}`,
      agent: AGENTS[by] ?? null,
      success,
      tags: some(TAGS),
      tools: some(TOOLS),
      signature: success ? null : errorOf(task, below(ERRORS_OF_A_TASK)),
      isEcho: false,
      durationMs: Math.round(SHORTEST * 2 ** (DOUBLINGS * amount())),
      costUsd: CHEAPEST * 2 ** (DOUBLINGS * amount()),
    };
  }
}

const errorOf = (task: number, which: number): string =>
  SIGNATURES[(ERRORS_OF_A_TASK * task + which) % SIGNATURES.length] ?? '';

/** In an order that `below` decides. (Fisher and Yates) */
export function shuffled(pool: readonly string[], below: (end: number) => number): string[] {
  const deck = [...pool];
  for (let left = deck.length; left > 1; left -= 1) {
    const at = below(left);
    [deck[left - 1], deck[at]] = [deck[at] ?? '', deck[left - 1] ?? ''];
  }

  return deck;
}

/** Numbers from 0 up to 1, the same for the same seed. (mulberry32) */
export function randomNumbers(seed: number): () => number {
  let state = seed;

  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);

    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
