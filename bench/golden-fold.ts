import type { KeyState } from '../src/patterns/domain/key-state.js';
import { isSignature, votersOf, type Key } from '../src/patterns/domain/key.js';
import { LearnerInMemory, type Learned } from '../src/patterns/domain/learner-in-memory.js';
import type { LearnerState } from '../src/patterns/domain/learner-state.js';
import { patternIdOf } from '../src/patterns/domain/pattern-id.js';
import { served } from '../src/patterns/domain/served.js';
import { isFound } from '../src/patterns/regex.js';
import type { Expected, GoldenExecution, GoldenLog, GoldenStep } from './golden-log.js';

/** A step of the golden log in the learner's own words. */
export function learnedFrom(namespace: string, { event }: GoldenStep): Learned {
  switch (event.type) {
    case 'execution':
      return { is: 'execution', execution: executionOf(event) };
    case 'revoke':
      return { is: 'revocation', memoryId: event.execution_id };
    case 'extraction':
      return { is: 'extraction', key: ['extracted', event.pattern_type, event.regex] };
    case 'feedback': {
      const key = event.key as unknown as Key;
      const patternId = patternIdOf(namespace, event.pattern_type, key);
      const said = { helpful: event.helpful, adjustment: event.confidence_adjustment ?? 0 };
      return { is: 'feedback', patternId, key, actor: event.actor, said };
    }
  }
}

const executionOf = (
  event: GoldenExecution,
): Extract<Learned, { is: 'execution' }>['execution'] => ({
  memoryId: event.execution_id,
  task: event.task_id,
  taskType: event.task_type,
  description: event.description,
  agent: event.agent_id,
  success: event.success,
  tags: event.tags,
  tools: [],
  signature: event.signature,
  isEcho: event.suggestion_id !== null,
  durationMs: null,
  costUsd: null,
});

/** Folds the log in memory, and gives what the learner says of every key at each checkpoint. */
export function foldGolden({
  steps,
  checkpoints,
}: Pick<GoldenLog, 'steps' | 'checkpoints'>): Map<number, Expected[]> {
  const learner = new LearnerInMemory('golden', isFound);
  const found = new Map<number, Expected[]>();
  steps.forEach((step, index) => {
    const moment = {
      position: BigInt(index + 1),
      at: '2026-01-01T00:00:00.000Z',
      cause: step.event.type,
    };
    learner.apply(learnedFrom('golden', step), moment);
    const isLast = steps[index + 1]?.executions !== step.executions;
    if (isLast && checkpoints.includes(step.executions)) {
      found.set(step.executions, rowsOf(learner.state, step.executions));
    }
  });

  return found;
}

/** Every key of a state in the fields of the golden log. */
export const rowsOf = (state: LearnerState, checkpoint: number): Expected[] =>
  [...state.keys.values()].map((of) => rowOf(state, of, checkpoint));

function rowOf(state: LearnerState, of: KeyState, checkpoint: number): Expected {
  const { key, votes, cut } = of;
  const own = votes[votersOf(key)];
  const { confidence, lower, status } = served(state, of);

  return {
    checkpoint,
    key: [...key],
    S: of.successes,
    N: of.executions,
    V: own.successes,
    W: own.votes,
    ...(key[0] === 'root' || key[0] === 'type'
      ? { VA: votes.agent.successes, WA: votes.agent.votes }
      : {}),
    V0: cut.successes,
    W0: cut.votes,
    tasks: of.tasks,
    rate: of.rate,
    confidence,
    lower,
    lnE: of.lnE,
    status,
    direction: isSignature(key) ? 'failure' : of.direction,
    cusum: of.cusum,
    demotions: of.demotions,
  };
}
