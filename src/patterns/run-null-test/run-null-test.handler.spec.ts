import { ownCaller } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import type { Tried } from '../domain/shuffled.js';
import { RunNullTestHandler } from './run-null-test.handler.js';
import { RunNullTest } from './run-null-test.query.js';
import type { TriedLog, TriedLogs } from './tried-log.js';

const log = (length: number): Tried[] =>
  Array.from({ length }, (_, nth) => ({
    is: 'execution',
    execution: {
      memoryId: `m-${String(nth)}`,
      task: `t-${String(nth)}`,
      taskType: 'deploy',
      description: null,
      agent: `a-${String(nth % 4)}`,
      tags: [],
      tools: [],
      success: nth % 3 === 0,
      signature: null,
      isEcho: false,
      durationMs: null,
      costUsd: null,
    },
  }));

/** A handler that reads these events, once they are there. */
const over = (events: readonly Tried[], isThere = Promise.resolve()): RunNullTestHandler => {
  const logs: Pick<TriedLogs, 'read'> = {
    read: (_namespace, most): Promise<TriedLog | null> =>
      isThere.then(() => (events.length > most ? null : { position: 7n, events })),
  };

  return new RunNullTestHandler(logs as TriedLogs);
};
const asked = (shuffles: number): RunNullTest =>
  new RunNullTest(ownCaller('n'), { shuffles, seed: 1 });

describe('A null test', () => {
  it('says up to where it read and what it was asked, beside what it found', async () => {
    expect(await over(log(40)).execute(asked(2))).toMatchObject({
      position: 7,
      executions: 40,
      shuffles: 2,
      seed: 1,
      // Four agents, and those at the only type.
      log: { keys: 8, share: 0 },
      by_task: { shuffles: 2, keys: 8 },
    });
  });

  it.each([
    [1_707, 20],
    [10_000, 3],
    [23_333, 1],
  ])('is refused over more than %d executions with %d shuffles of each', async (most, shuffles) => {
    await expect(over(log(most + 1)).execute(asked(shuffles))).rejects.toMatchObject({
      kind: 'rule-broken',
      code: 'null_test.too_many_executions',
      message: expect.stringContaining(`${String(most)} executions`),
    });
  });

  it('is refused while another runs, and not after it failed', async () => {
    let fail: (error: Error) => void = () => undefined;
    const broken = new Promise<void>((_, reject) => (fail = reject));
    const handler = over(log(3), broken);
    const first = handler.execute(asked(1));

    await expect(handler.execute(asked(1))).rejects.toMatchObject({ code: 'null_test.running' });
    fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect(handler.execute(asked(1))).rejects.toThrow('away');
  });

  it('gives everybody else their turns', async () => {
    let turns = 0;
    const listen = setInterval(() => (turns += 1), 1);
    await over(log(1_000)).execute(asked(3));
    clearInterval(listen);

    expect(turns).toBeGreaterThan(3);
  });
});
