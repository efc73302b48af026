import { availableParallelism } from 'node:os';
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

/** Gathers, and is at work until it is told to end. */
class Busy {
  readonly name = 'busy';
  readonly gathers = 1;
  readonly loop = new FollowerLoop(this);
  isWorking = false;
  private isOver = false;

  async step(): Promise<Step> {
    this.isWorking = true;
    while (!this.isOver) await sleep(1);

    return { checkpoint: 1n, applied: 0 };
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.loop.stop();
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
    for (let turn = 0; turn < 30; turn += 1) append('of.none');
    expect(await loop.passed(reader.head, 1_000)).toBe(true);
    for (let turn = 0; turn < 30; turn += 1) append('of.none');

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

describe('Loops that let their work gather', () => {
  /** As many as there are processors: more than may work at once. */
  const everybody = Array.from({ length: availableParallelism() }, () => new Busy());

  afterEach(() => Promise.all(everybody.map((one) => one.end())));

  it('work in turn, and whoever is waited for is let past', async () => {
    for (const { loop } of everybody) loop.start();
    await sleep(20);
    const last = everybody.at(-1);
    const working = everybody.filter(({ isWorking }) => isWorking);

    expect(working.length).toBe(Math.max(1, Math.floor(everybody.length / 2)));
    expect(last?.isWorking).toBe(everybody.length === 1);
    const passed = last?.loop.passed(1n, 1_000);
    await sleep(5);

    expect(last?.isWorking).toBe(true);
    await last?.end();
    expect(await passed).toBe(true);
  });
});
