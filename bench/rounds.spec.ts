import { describe, expect, it } from '@jest/globals';
import { CannotRun } from './cannot-run.js';
import { compared, eventsPerSecond, inTurn, rateOf } from './rounds.js';

describe('Contenders', () => {
  it('take turns, and what they do first is not counted', async () => {
    const turns: string[] = [];
    const rates = await inTurn(
      'Racing',
      ['hare', 'tortoise'].map((name) => ({
        name,
        round: () => Promise.resolve(turns.push(name)),
      })),
      2,
    );

    expect(turns).toEqual(['hare', 'tortoise', 'hare', 'tortoise', 'hare', 'tortoise']);
    expect(rates).toEqual({ hare: [3, 5], tortoise: [4, 6] });
  });

  it('are compared round by round, with the spread of each', () => {
    const rates = { hare: [10, 30, 20.4], tortoise: [5, 10, 40] };
    const { metrics, slices } = compared(rates, {
      ratio: ['hare', 'tortoise'],
      ratio_to_nobody: ['hare', 'snail'],
    });

    expect(metrics).toEqual({ ratio: 2 });
    expect(slices).toEqual({
      hare_per_second: { median: 20, min: 10, max: 30 },
      tortoise_per_second: { median: 10, min: 5, max: 40 },
      ratio: { median: 2, min: 0.51, max: 3 },
    });
  });
});

describe('A rate', () => {
  it('is that of all callers together, each of whom goes on until the time is over', async () => {
    let calls = 0;
    const began = performance.now();
    const rate = await eventsPerSecond({ callers: 3, events: 10, ms: 50 }, async () => {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const took = performance.now() - began;

    expect(calls).toBeGreaterThanOrEqual(3);
    expect(rate).toBeLessThanOrEqual((calls * 10) / 0.05);
    expect(rate).toBeGreaterThanOrEqual((1_000 * calls * 10) / took);
  });

  it('is none when events are missing', async () => {
    expect(await rateOf(2, () => Promise.resolve(3))).toBeGreaterThan(0);
    await expect(rateOf(2, () => Promise.resolve(1))).rejects.toThrow(CannotRun);
  });
});
