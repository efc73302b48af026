import { describe, expect, it } from '@jest/globals';
import { seeded } from '../chance.js';
import { byChance, Look, shareOf, verdictOn, type Found } from './null-test.js';
import { SHUFFLES, shuffled, type Shuffle, type Tried } from './shuffled.js';

const TASKS = 100;
const AGENTS = 20;

/** Every agent does every task once, each task of one of four types with two of eight tags. */
function made(seed: number, chanceOf: (agent: number, task: number) => number): Tried[] {
  const below = seeded(seed);

  return Array.from({ length: TASKS * AGENTS }, (_, nth): Tried => {
    const [task, agent] = [Math.floor(nth / AGENTS), nth % AGENTS];
    return {
      is: 'execution',
      execution: {
        memoryId: `m-${String(nth)}`,
        task: `t-${String(task)}`,
        taskType: `fix_${String(task % 4)}`,
        description: null,
        agent: `a-${String(agent)}`,
        tags: [`tag-${String(below(4))}`, `tag-${String(4 + below(4))}`],
        tools: [],
        success: below(1_000) < 1_000 * chanceOf(agent, task),
        signature: null,
        isEcho: false,
        durationMs: null,
        costUsd: null,
      },
    };
  });
}

function look(log: readonly Tried[]): Found {
  const seen = new Look();
  for (const event of log) seen.next(event);

  return seen.found();
}

const shuffles = (log: readonly Tried[], by: Shuffle, count: number): Found[] => {
  const below = seeded(7);

  return Array.from({ length: count }, () => look(shuffled(log, by, below)));
};

describe('Chance', () => {
  it.each(SHUFFLES)('makes a pattern of one key in a hundred at most: coin flips %s', (by) => {
    const flips = made(1, () => 0.5);
    const seen = byChance(shuffles(flips, by, 3));

    // 4 types, 20 agents, each at each type, 8 tags a type, one of which has too few first tries.
    expect(seen).toMatchObject({ shuffles: 3, keys: 135 });
    expect(shareOf(seen)).toBeLessThanOrEqual(0.01);
  });

  it.each(SHUFFLES)('makes none of tasks that are hard for everybody: %s', (by) => {
    const log = made(2, (_, task) => (task % 10 < 5 ? 0.1 : 0.9));

    expect(shareOf(byChance(shuffles(log, by, 3)))).toBeLessThanOrEqual(0.01);
  });

  it.each(SHUFFLES)('has no part in what is planted, and makes nothing of it: %s', (by) => {
    // All do their tasks in the same order: what is theirs is not to be dealt with their places.
    const log = made(3, (agent) => (agent === 4 ? 0.2 : 0.9));

    expect(look(log).active).toBeGreaterThanOrEqual(1);
    expect(byChance(shuffles(log, by, 3)).active).toBeLessThan(0.5);
  });

  it('is not blamed for errors, which need no proof', () => {
    const log = made(4, () => 0).map((one): Tried =>
      one.is === 'execution'
        ? { ...one, execution: { ...one.execution, signature: 'Timeout' } }
        : one,
    );

    expect(look(log)).toMatchObject({ everActive: 0, active: 0 });
  });
});

describe('A look', () => {
  it('remembers what was active, though it was taken back', () => {
    const log = made(5, (agent) => (agent === 4 ? 0 : 1));
    const back = log.flatMap((one): Tried[] =>
      one.is === 'execution' && one.execution.agent === 'a-4'
        ? [{ is: 'revocation', memoryId: one.execution.memoryId }]
        : [],
    );
    const [before, after] = [look(log), look([...log, ...back])];

    expect(before.active).toBeGreaterThan(0);
    expect(after).toMatchObject({ keys: before.keys, everActive: before.everActive, active: 0 });
  });

  it('at nothing finds nothing', () => {
    expect(look([])).toEqual({ keys: 0, everActive: 0, active: 0 });
    expect(shareOf(look([]))).toBe(0);
  });
});

describe('The verdict', () => {
  const found = (active: number, keys = 100): Found => ({ keys, everActive: active, active });
  const chance = (active: number): ReturnType<typeof byChance> => byChance([found(active)]);

  it.each([
    [found(0, 0), 0, 0, /^Too few executions for anything: /],
    [found(0), 0, 0, /^No pattern is active; with outcomes dealt by chance it would be 0\. /],
    [found(1), 0, 0.3, '1 pattern is active; with outcomes dealt by chance it would be 0.3.'],
    [
      found(41),
      0.25,
      0.3,
      '41 patterns are active; with outcomes dealt by chance it would be 0.3.',
    ],
    [found(41), 0.01, 0, /it would be less than 0\.1\.$/],
    [
      found(4),
      0,
      2,
      /^Chance alone would make about as many .*\(2\) as it has \(4\): do not trust/,
    ],
    [
      found(4),
      6,
      1,
      /^Chance alone would make about as many .*\(6\) as it has \(4\): do not trust/,
    ],
  ])('on %j, with %d and %d by chance, is %s', (log, byExecution, byTask, expected) => {
    const verdict = verdictOn(log, { by_execution: chance(byExecution), by_task: chance(byTask) });

    expect(verdict).toMatch(expected);
  });
});
