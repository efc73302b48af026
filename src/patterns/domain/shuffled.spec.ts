import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../chance.js';
import type { Execution } from './learner.js';
import { SHUFFLES, shuffled, type Tried } from './shuffled.js';

const ran = (task: string, success: boolean, more: Partial<Execution> = {}): Tried => ({
  is: 'execution',
  execution: {
    memoryId: 'm',
    task,
    taskType: 'deploy',
    description: null,
    agent: null,
    tags: [],
    tools: [],
    success,
    signature: success ? null : 'Timeout',
    isEcho: false,
    durationMs: null,
    costUsd: null,
    ...more,
  },
});

const anyLog = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({
          task: fc.constantFrom('t', 'u', 'v', 'w'),
          success: fc.boolean(),
          agent: fc.constantFrom(null, 'coder', 'other'),
          durationMs: fc.option(fc.nat(9)),
        })
        .map(({ task, success, ...more }) => ran(task, success, more)),
    },
    { weight: 1, arbitrary: fc.constant<Tried>({ is: 'revocation', memoryId: 'm' }) },
  ),
);
const anyShuffle = fc.constantFrom(...SHUFFLES);

const executionsIn = (log: readonly Tried[]): Execution[] =>
  log.flatMap((one) => (one.is === 'execution' ? [one.execution] : []));
const outcomesIn = (log: readonly Tried[]): string[] =>
  executionsIn(log).map(({ success, signature, durationMs, costUsd }) =>
    JSON.stringify([success, signature, durationMs, costUsd]),
  );
const blocksIn = (log: readonly Tried[]): string[] => {
  const executions = executionsIn(log);
  const tasks = [...new Set(executions.map(({ task }) => task))];

  return tasks.map((task) => {
    const block = outcomesIn(log).filter((_, place) => executions[place]?.task === task);
    return block.sort().join();
  });
};

describe('A shuffled log', () => {
  it('has the same outcomes, and everything else where it was', () => {
    fc.assert(
      fc.property(anyLog, anyShuffle, fc.integer(), (log, by, seed) => {
        const other = shuffled(log, by, seeded(seed));
        const blank = { success: true, signature: null, durationMs: null, costUsd: null };
        const rest = (of: readonly Tried[]): object[] =>
          of.map((one) =>
            one.is === 'execution' ? { ...one, execution: { ...one.execution, ...blank } } : one,
          );

        expect(outcomesIn(other).sort()).toEqual(outcomesIn(log).sort());
        expect(rest(other)).toEqual(rest(log));
      }),
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(anyLog, anyShuffle, fc.integer(), (log, by, seed) => {
        expect(shuffled(log, by, seeded(seed))).toEqual(shuffled(log, by, seeded(seed)));
      }),
    );
  });

  it('by task has the outcomes of a task together, when tasks have equally many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer(),
        (tasks, outcomes, seed) => {
          const whole = outcomes.slice(0, outcomes.length - (outcomes.length % tasks));
          const log = whole.map((success, nth) => ran(`t-${String(nth % tasks)}`, success));

          expect(blocksIn(shuffled(log, 'by_task', seeded(seed))).sort()).toEqual(
            blocksIn(log).sort(),
          );
        },
      ),
    );
  });

  it('by task cuts a block only where a task ends', () => {
    // Three that fail, and one that succeeds twice: at most two tasks have some of both.
    const log = [
      ...['t', 't', 't', 'u', 'v', 'v', 'w', 'w'].map((task) => ran(task, false)),
      ...['x', 'x', 'x', 'x'].map((task) => ran(task, true)),
    ];
    for (let seed = 0; seed < 100; seed += 1) {
      const mixed = blocksIn(shuffled(log, 'by_task', seeded(seed))).filter(
        (block) => block.includes('true') && block.includes('false'),
      );

      expect(mixed.length).toBeLessThanOrEqual(2);
    }
  });

  it.each(SHUFFLES)('%s gives every outcome to every execution alike', (by) => {
    const log = ['t', 't', 'u', 'u', 'v', 'v'].map((task, nth) => ran(task, nth === 0));
    const taken = Array<number>(6).fill(0);
    for (let seed = 0; seed < 3_000; seed += 1) {
      executionsIn(shuffled(log, by, seeded(seed))).forEach(({ success }, place) => {
        if (success) taken[place] = (taken[place] ?? 0) + 1;
      });
    }

    // 500 each on average; six standard deviations are 122.
    for (const count of taken) expect(Math.abs(count - 500)).toBeLessThan(122);
  });
});
