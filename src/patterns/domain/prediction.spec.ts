import { describe, expect, it } from '@jest/globals';
import { isFound } from '../regex.js';
import { LearnerInMemory } from './learner-in-memory.js';
import { LearnerState } from './learner-state.js';
import { predict, predictionKeys, type Candidate, type Prediction } from './prediction.js';

const RUNS: [task: string, taskType: string, agent: string | null, success: boolean][] = [
  ['t1', 'fix_bug', 'coder', true],
  ['t1', 'fix_bug', 'coder', false],
  ['t2', 'fix_bug', 'coder', true],
  ['t3', 'fix_ui', 'other', false],
  ['t4', 'deploy', null, true],
];

function learned(): LearnerInMemory {
  const learner = new LearnerInMemory('n', isFound);
  RUNS.forEach(([task, taskType, agent, success], i) => {
    const labels = { taskType, agent, success, tags: [], tools: [], signature: null };
    const none = { description: null, isEcho: false, durationMs: null, costUsd: null };
    const execution = { memoryId: `m-${i}`, task, ...none, ...labels };
    const moment = { position: BigInt(i + 1), at: 'now', cause: 'execution' };
    learner.apply({ is: 'execution', execution }, moment);
  });

  return learner;
}

const candidate = (taskType: string, agent: string | null, task: string | null): Candidate => ({
  taskType,
  agent,
  task,
});

const asked = (...of: Parameters<typeof candidate>): Prediction =>
  predict(learned().state, candidate(...of));

describe('A prediction', () => {
  // What learner.py says of the same five executions.
  it.each<[why: string, ...asked: Parameters<typeof candidate>, probability: number]>([
    ['of agent and type', 'fix_bug', 'coder', null, 0.642_232_403_165_347_8],
    ['of the type when nobody is named', 'fix_bug', null, null, 0.635_568_513_119_533_6],
    ['of root and type, for somebody unknown', 'fix_bug', 'nobody', null, 0.595_562_034_337_544_5],
    ['of the prefix, for a type unknown', 'fix_new', null, null, 0.5],
    ['of agent and prefix, for a type unknown', 'fix_new', 'coder', null, 0.556_122_448_979_591_8],
    ['of the root, for anything unknown', 'new', 'nobody', null, 0.555_555_555_555_555_6],
    ['blended with that of the task', 'fix_bug', 'coder', 't1', 0.585_339_441_899_208_7],
    ['blended for a type unknown', 'new', null, 't4', 0.666_666_666_666_666_7],
    ['that no task blends when it is new', 'fix_bug', 'coder', 't9', 0.642_232_403_165_347_8],
  ])('is the rate %s', (_, taskType, agent, task, probability) => {
    expect(asked(taskType, agent, task).probability).toBeCloseTo(probability, 12);
  });

  it('is one half when nothing is known', () => {
    const { probability, basis } = predict(new LearnerState('n'), candidate('fix_bug', 'a', 't'));

    expect(probability).toBe(0.5);
    expect(basis).toEqual([]);
  });

  it('is surer with every execution of agent and type, and of the task', () => {
    const width = ({ interval: { low, high } }: Prediction): number => high - low;
    // By learning.md: ± 1.645 √(p (1 − p) / (n + 5)).
    const expected = (p: number, n: number): number =>
      2 * 1.645 * Math.sqrt((p * (1 - p)) / (n + 5));
    const [alone, again] = [asked('fix_bug', 'coder', null), asked('fix_bug', 'coder', 't1')];
    const unknown = asked('new', 'nobody', null);

    expect(width(alone)).toBeCloseTo(expected(alone.probability, 3), 12);
    expect(width(again)).toBeCloseTo(expected(again.probability, 3 + 2), 12);
    expect(width(unknown)).toBeCloseTo(expected(unknown.probability, 0), 12);
  });

  it('says what it rests on, the most particular first', () => {
    expect(asked('fix_bug', 'coder', 't1').basis).toEqual([
      '1 of 2 executions of this task succeeded.',
      '2 of 3 executions of fix_bug by agent coder succeeded.',
      '2 of 3 executions of agent coder succeeded.',
      '2 of 3 executions of fix_bug succeeded.',
      '2 of 4 executions of all kinds of fix succeeded.',
      '3 of 5 executions of all tasks succeeded.',
    ]);
  });

  it('says nothing of what was revoked', () => {
    const learner = learned();
    const moment = { position: 6n, at: 'now', cause: 'revocation' };
    learner.apply({ is: 'revocation', memoryId: 'm-4' }, moment);

    expect(predict(learner.state, candidate('deploy', null, 't4')).basis).toEqual([
      '2 of 4 executions of all tasks succeeded.',
    ]);
  });

  it('says nothing of what it knows nothing of', () => {
    expect(asked('new', 'nobody', 't9').basis).toEqual([
      '3 of 5 executions of all tasks succeeded.',
    ]);
  });

  it('says what an extracted pattern counted, and does not count it again', () => {
    const learner = learned();
    const key = ['extracted', 'failure', '^fix'] as const;
    learner.apply({ is: 'extraction', key }, { position: 6n, at: 'now', cause: 'extraction' });
    const of = candidate('fix_bug', 'coder', null);
    const found = predict(learner.state, of, (regex) => regex === '^fix');

    expect(found.basis.at(-1)).toBe('2 of 4 executions of tasks that match ^fix succeeded.');
    expect(predict(learner.state, of, () => false).basis).not.toContain(found.basis.at(-1));
    expect(found.probability).toBe(asked('fix_bug', 'coder', null).probability);
  });

  it('reads the keys of agent, type and prefix, and the root', () => {
    expect(predictionKeys(candidate('fix_bug', 'coder', 't1'))).toEqual([
      ['agent_type', 'coder', 'fix_bug'],
      ['agent', 'coder'],
      ['type', 'fix_bug'],
      ['prefix', 'fix'],
      ['root'],
    ]);
    expect(predictionKeys(candidate('deploy', null, null))).toEqual([['type', 'deploy'], ['root']]);
  });
});
