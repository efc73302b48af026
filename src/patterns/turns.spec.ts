import { describe, expect, it, jest } from '@jest/globals';
import { filteredInTurns } from './turns.js';

/** Computes for longer than a turn lasts. */
function compute(): void {
  const until = performance.now() + 12;
  while (performance.now() < until);
}

describe('Long work', () => {
  it('gives everybody else their turns, and keeps what it was asked to keep, in order', async () => {
    const heard: number[] = [];
    const listen = (turn: number): void => {
      heard.push(turn);
      if (turn < 100) setImmediate(listen, turn + 1);
    };
    setImmediate(listen, 1);
    const kept = await filteredInTurns([1, 2, 3, 4], (item) => {
      compute();
      return item % 2 === 0;
    });

    expect(kept).toEqual([2, 4]);
    expect(heard.length).toBeGreaterThanOrEqual(3);
  });

  it('that is short is done at once', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    let isLater = false;
    setImmediate(() => {
      isLater = true;
    });

    const kept = await filteredInTurns([1, 2, 3], () => true);
    clock.mockRestore();

    expect(kept).toEqual([1, 2, 3]);
    expect(isLater).toBe(false);
  });
});
