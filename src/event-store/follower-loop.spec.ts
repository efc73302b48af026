import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FollowerLoop } from './follower-loop.js';
import type { Follower, Step } from './follower.js';

/** Reads to the end that the log had when it began, as a follower with nothing to apply does. */
class Reader {
  readonly name = 'reader';
  readonly kind = 'projection';
  readonly codeHash = null;
  readonly types = ['of.interest'];
  readonly erases = false;
  head = 0n;
  steps = 0;

  async step(): Promise<Step> {
    this.steps += 1;
    const checkpoint = this.head;
    await sleep(5);

    return { checkpoint, applied: 0 };
  }

  retry(): Promise<void> {
    return Promise.resolve();
  }
}

describe('A loop that hears what this process appends', () => {
  let loop: FollowerLoop;
  let reader: Reader;

  function start(head: bigint): void {
    reader = new Reader();
    reader.head = head;
    loop = new FollowerLoop(reader);
    loop.start();
  }

  /** This process appends one event. */
  function append(type: string): bigint {
    const after = reader.head;
    reader.head += 1n;
    loop.hear({ after, to: reader.head, types: [type] }, reader satisfies Follower);

    return reader.head;
  }

  afterEach(() => loop.stop());

  it('passes over what is not for it without reading, also while it reads', async () => {
    start(7n);
    for (let turn = 0; turn < 30; turn += 1) {
      append('of.none');
      await sleep(1);
    }

    expect(await loop.passed(reader.head, 0)).toBe(true);
    expect(reader.steps).toBeLessThanOrEqual(2);
  });

  it('reads what is for it, and what another process appended between', async () => {
    start(0n);
    const mine = append('of.interest');

    expect(await loop.passed(mine, 1_000)).toBe(true);
    const before = reader.steps;
    reader.head += 1n;
    const next = append('of.none');

    expect(loop.state.checkpoint).toBe(mine);
    expect(await loop.passed(next, 1_000)).toBe(true);
    expect(reader.steps).toBeGreaterThan(before);
  });

  it('does not pass over what is for it because of what comes after it', async () => {
    start(0n);
    await loop.passed(0n, 1_000);
    const mine = append('of.interest');
    append('of.none');

    expect(loop.state.checkpoint).toBeLessThan(mine);
    expect(await loop.passed(reader.head, 1_000)).toBe(true);
  });
});
