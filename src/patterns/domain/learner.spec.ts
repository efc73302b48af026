import { describe, expect, it } from '@jest/globals';
import { foldGolden } from '../../../bench/golden-fold.js';
import { differences, readGoldenLog } from '../../../bench/golden-log.js';
import type { KeyState } from './key-state.js';
import { nameOf, type Key } from './key.js';
import { LearnerInMemory, type Learned } from './learner-in-memory.js';
import type { Execution } from './learner.js';

const CODER: Key = ['agent', 'coder'];
const TYPE: Key = ['type', 'fix_bug'];

/** A log that is learned from as it grows. */
class Log {
  readonly learner = new LearnerInMemory('n', () => false);
  private position = 0n;

  /** Gives the id of the memory. */
  ran(task: string, success: boolean, more: Partial<Execution> = {}): string {
    const memoryId = `m-${task}-${this.position}`;
    const labels = { taskType: 'fix_bug', agent: null, tags: [], tools: [], signature: null };
    const none = { description: null, durationMs: null, costUsd: null };
    const run = { memoryId, task, success, isEcho: false, ...none, ...labels, ...more };
    this.apply({ is: 'execution', execution: run });

    return memoryId;
  }

  /** As many tasks as there are outcomes, each tried once. */
  tried(name: string, outcomes: readonly boolean[], more: Partial<Execution>): string[] {
    return outcomes.map((success, i) => this.ran(`${name}-${i}`, success, more));
  }

  revoke(memoryId: string): void {
    this.apply({ is: 'revocation', memoryId });
  }

  of(key: Key): KeyState {
    return this.learner.state.key(key);
  }

  /** The names of what is active. */
  active(): string[] {
    return [...this.learner.state.keys.values()]
      .filter((s) => s.isActive)
      .map((s) => nameOf(s.key));
  }

  private apply(event: Learned): void {
    this.position += 1n;
    this.learner.apply(event, { position: this.position, at: 'now', cause: event.is });
  }
}

const times = (n: number, success: boolean): boolean[] => Array<boolean>(n).fill(success);
const votes = (successes: number, all: number): object => ({ successes, votes: all });

/** Others who succeed half the time, a hundred times, and then a coder. */
function among(): Log {
  const log = new Log();
  log.tried(
    'other',
    Array.from({ length: 100 }, (_, i) => i % 2 === 0),
    { agent: 'other' },
  );

  return log;
}

describe('The learner', () => {
  it('says of a real log what its definition says, in every field at every checkpoint', async () => {
    const log = await readGoldenLog('test/fixtures/golden-learner');
    const found = foldGolden(log);
    const wrong = log.expected.flatMap((expected) => {
      const row = found
        .get(expected.checkpoint)
        ?.find(({ key }) => JSON.stringify(key) === JSON.stringify(expected.key));
      const fields = differences(expected, row);
      return fields.length === 0 ? [] : [{ expected, row, fields }];
    });

    expect(log.expected).toHaveLength(574);
    expect([...found.values()].flat()).toHaveLength(574);
    expect(wrong).toEqual([]);
  });

  // By hand: (1 + 4·prior) / 5, the prior of the root being one half.
  it.each<[key: Key, prior: number, rate: number]>([
    [['root'], 0.5, 0.6],
    [['prefix', 'fix'], 0.6, 0.68],
    [TYPE, 0.68, 0.744],
    [CODER, 0.6, 0.68],
    [['agent_type', 'coder', 'fix_bug'], 0.712, 0.7696],
    [['type_tag', 'fix_bug', 'auth'], 0.744, 0.7952],
  ])('begins the rate of %j with those of its parents: %d, and then %d', (key, prior, rate) => {
    const log = new Log();
    log.ran('t', true, { agent: 'coder', tags: ['auth'] });

    expect(log.of(key).prior).toBeCloseTo(prior, 12);
    expect(log.of(key).rate).toBeCloseTo(rate, 12);
  });

  it('leaves a key alone that nothing touches', () => {
    const log = new Log();
    log.tried('c', times(5, true), { agent: 'coder' });
    const before = structuredClone(log.of(CODER));
    log.tried('o', times(5, false), { agent: 'other' });

    expect(log.of(CODER)).toEqual(before);
  });
});

describe('A vote', () => {
  it('is the first execution of a task, and the first of an agent on a task', () => {
    const log = new Log();
    log.ran('t', true, { agent: 'coder' });
    log.ran('t', false, { agent: 'coder' });
    log.ran('t', false, { agent: 'other' });
    log.ran('t', true);

    for (const key of [['root'], TYPE] as const) {
      expect(log.of(key)).toMatchObject({
        successes: 2,
        executions: 4,
        tasks: 1,
        votes: { task: votes(1, 1), agent: votes(1, 2) },
      });
    }
    expect(log.of(CODER)).toMatchObject({ executions: 2, votes: { agent: votes(1, 1) } });
    expect(log.of(['agent', 'other'])).toMatchObject({
      executions: 1,
      votes: { agent: votes(0, 1) },
    });
  });

  it('is no echo of advice, which takes the first place all the same', () => {
    const log = new Log();
    log.ran('t', true, { agent: 'coder', isEcho: true });
    log.ran('t', true, { agent: 'coder' });

    expect(log.of(CODER)).toMatchObject({
      successes: 2,
      executions: 2,
      votes: { task: votes(0, 0), agent: votes(0, 0) },
    });
  });

  it.each<[what: string, task: (i: number) => string, more: Partial<Execution>]>([
    ['echoes', (i) => `c-${i}`, { isEcho: true }],
    ['repeats', () => 'c', {}],
  ])('is needed: %s move the confidence and never prove a pattern', (_, task, more) => {
    const log = among();
    for (let i = 0; i < 60; i += 1) log.ran(task(i), true, { agent: 'coder', ...more });

    expect(log.of(CODER).rate).toBeGreaterThan(0.95);
    expect(log.of(CODER)).toMatchObject({ executions: 60, lnE: null, isActive: false });
    expect(log.learner.changes.filter(({ status }) => status === 'active')).toEqual([]);
  });
});

describe('An agent who does better than the others', () => {
  it('makes a pattern with the vote that proves it, and nobody else does', () => {
    const log = among();
    log.tried('c', times(12, true), { agent: 'coder' });
    expect(log.active()).toEqual([]);

    // learner.py: the thirteenth.
    log.ran('last', true, { agent: 'coder' });

    expect(log.of(CODER)).toMatchObject({ lnE: 4.633_429, direction: 'success', isActive: true });
    expect(log.active()).toEqual([nameOf(CODER), nameOf(['agent_type', 'coder', 'fix_bug'])]);
  });

  it('and then fails is demoted, and by new votes alone proven to do worse', () => {
    const log = among();
    log.tried('c', times(40, true), { agent: 'coder' });
    log.tried('d', times(3, false), { agent: 'coder' });
    expect(log.of(CODER)).toMatchObject({ isActive: true, demotions: 0 });

    log.ran('d-3', false, { agent: 'coder' });
    expect(log.of(CODER)).toMatchObject({ isActive: false, cusum: 0, demotions: 1 });
    expect(log.of(CODER)).toMatchObject({ direction: 'success', cut: votes(40, 40) });

    // learner.py: the other side from the fifth on, active with the fifteenth.
    log.tried('e', times(10, false), { agent: 'coder' });
    expect(log.of(CODER)).toMatchObject({ isActive: false, direction: 'failure' });
    log.ran('last', false, { agent: 'coder' });
    expect(log.of(CODER)).toMatchObject({ lnE: 5.553_908, isActive: true, demotions: 1 });
  });
});

describe('A revocation', () => {
  it('takes the outcome and the vote back, and leaves the first place taken', () => {
    const log = new Log();
    const first = log.ran('t', true, { agent: 'coder' });
    log.ran('t', true, { agent: 'coder' });
    log.revoke(first);
    expect(log.of(CODER)).toMatchObject({ successes: 1, tasks: 1, votes: { agent: votes(0, 0) } });

    log.ran('t', false, { agent: 'coder' });
    expect(log.of(CODER)).toMatchObject({ executions: 2, votes: { agent: votes(0, 0) } });
  });

  it('happens once, to what was stored', () => {
    const log = new Log();
    const id = log.ran('t', true);
    log.ran('u', false);
    log.revoke(id);
    log.revoke(id);
    log.revoke('unknown');

    expect(log.of(TYPE)).toMatchObject({
      successes: 0,
      executions: 1,
      votes: { task: votes(0, 1) },
    });
  });

  it('takes back what only the revoked vote proved, and that is no demotion', () => {
    const log = among();
    const [first = ''] = log.tried('c', times(13, true), { agent: 'coder' });
    log.revoke(first);

    expect(log.of(CODER)).toMatchObject({ isActive: false, direction: 'success', demotions: 0 });
  });

  it('is no execution: the watch learns nothing from it', () => {
    const log = among();
    const [first = ''] = log.tried('c', times(40, true), { agent: 'coder' });
    log.ran('d', false, { agent: 'coder' });
    const { cusum } = log.of(CODER);
    log.revoke(first);

    // learner.py
    expect(cusum).toBeCloseTo(1.564_702_018_592_708, 9);
    expect(log.of(CODER)).toMatchObject({ cusum, isActive: true });
  });

  it('of a vote from before a restart leaves the votes since then as they are', () => {
    const log = among();
    const [first = ''] = log.tried('c', times(40, true), { agent: 'coder' });
    log.tried('d', times(6, false), { agent: 'coder' });
    const { lnE } = log.of(CODER);
    log.revoke(first);

    expect(log.of(CODER)).toMatchObject({
      lnE,
      cut: votes(39, 39),
      votes: { agent: votes(39, 45) },
    });
  });
});
