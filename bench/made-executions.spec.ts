import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Execution } from '../src/patterns/domain/learner.js';
import { isFound } from '../src/patterns/regex.js';
import { madeExecutions, REGEXES } from './made-executions.js';

const made = (seed: number, count: number): Execution[] => {
  const log = madeExecutions(seed);
  return Array.from({ length: count }, () => log.next().value);
};

describe('Made executions', () => {
  let log: Execution[];
  beforeAll(() => {
    log = made(1, 20_000);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(made(1, 500)).toEqual(log.slice(0, 500));
    expect(made(2, 500)).not.toEqual(log.slice(0, 500));
  });

  it('are of a thousand tasks, each of one of twelve types, by eight agents', () => {
    const distinct = (of: (one: Execution) => string | null): number => new Set(log.map(of)).size;

    expect(distinct(({ task }) => task)).toBe(1_000);
    expect(distinct(({ taskType }) => taskType)).toBe(12);
    expect(distinct(({ task, taskType }) => `${task} ${taskType}`)).toBe(1_000);
    expect(distinct(({ taskType }) => taskType.split('_')[0] ?? '')).toBe(4);
    expect(distinct(({ agent }) => agent)).toBe(8);
    expect(distinct(({ memoryId }) => memoryId)).toBe(log.length);
  });

  it.each(['tags', 'tools'] as const)('have three to ten distinct %s of twenty', (labels) => {
    const sizes = new Set(log.map((one) => one[labels].length));

    expect([...sizes].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(log.every((one) => new Set(one[labels]).size === one[labels].length)).toBe(true);
    expect(new Set(log.flatMap((one) => one[labels])).size).toBe(20);
  });

  it('show one of thirty errors when they fail, and none when they succeed', () => {
    const [good, bad] = [true, false].map((end) => log.filter(({ success }) => success === end));

    expect(new Set(good?.map(({ signature }) => signature))).toEqual(new Set([null]));
    expect(new Set(bad?.map(({ signature }) => signature)).size).toBe(30);
    expect((bad?.length ?? 0) / log.length).toBeCloseTo(0.485, 1);
  });

  it.each(REGEXES)('are found by %s now and then', (regex) => {
    const found = log.filter((one) => isFound(regex, `${one.taskType} ${one.description ?? ''}`));

    expect(found.length).toBeGreaterThan(100);
    expect(found.length).toBeLessThan(log.length / 2);
  });
});
