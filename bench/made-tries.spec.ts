import { describe, expect, it } from '@jest/globals';
import { seeded } from '../src/patterns/chance.js';
import { type Execution } from '../src/patterns/domain/learner.js';
import { type Tried } from '../src/patterns/domain/shuffled.js';
import { madeTries, PLANTED, plantedTries } from './made-tries.js';
import { share } from './metrics.js';

const executionsIn = (log: readonly Tried[]): Execution[] =>
  log.flatMap((one) => (one.is === 'execution' ? [one.execution] : []));
const rate = (executions: readonly Execution[]): number =>
  share(executions.map(({ success }) => success));

describe('A made log', () => {
  it('is the same for the same seed, over a hundred tasks that keep their type', () => {
    const log = madeTries(2_000, seeded(1));
    const types = new Set(executionsIn(log).map(({ task, taskType }) => `${task} ${taskType}`));

    expect(madeTries(2_000, seeded(1))).toEqual(log);
    expect(madeTries(2_000, seeded(2))).not.toEqual(log);
    expect(types.size).toBe(100);
  });

  it('has agents that are not equally good', () => {
    const executions = executionsIn(madeTries(4_000, seeded(1)));
    const of = (agent: string): number => rate(executions.filter((one) => one.agent === agent));

    expect(of('agent-7') - of('agent-0')).toBeGreaterThan(0.2);
  });
});

describe('A planted log', () => {
  const executions = executionsIn(plantedTries(500, { base: 0.5, planted: 0.9 }, seeded(1)));

  it('has one agent who succeeds as planted, and eight who do not, on tasks of their own', () => {
    const planted = executions.filter(({ agent }) => agent === PLANTED);
    const others = executions.filter(({ agent }) => agent !== PLANTED);

    // Three standard deviations: of 500, and of 4,000.
    expect(Math.abs(rate(planted) - 0.9)).toBeLessThan(0.041);
    expect(Math.abs(rate(others) - 0.5)).toBeLessThan(0.024);
    expect(new Set(executions.map(({ task }) => task)).size).toBe(4_500);
  });

  it('has each of them once a round', () => {
    for (let round = 0; round < 500; round += 1) {
      const agents = executions.slice(9 * round, 9 * round + 9).map(({ agent }) => agent);
      expect(new Set(agents).size).toBe(9);
    }
  });
});
