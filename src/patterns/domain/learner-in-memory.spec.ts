import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFound } from '../regex.js';
import type { Change } from './conclusions.js';
import { isMeasured, nameOf, ROOT, type ExtractedKey, type Key } from './key.js';
import { LearnerInMemory, type Learned } from './learner-in-memory.js';
import type { Execution } from './learner.js';
import { patternIdOf } from './pattern-id.js';

const LOGIN: ExtractedKey = ['extracted', 'success', 'login'];
const NONE = { successes: 0, votes: 0 };

/** Learns from a log, each event a position later, going on after `before` of them. */
function learnFrom(
  log: readonly Learned[],
  learner = new LearnerInMemory('n', isFound),
  before = 0,
): LearnerInMemory {
  log.forEach((event, index) => {
    learner.apply(event, { position: BigInt(before + index + 1), at: 'now', cause: event.is });
  });

  return learner;
}

const ran = (memoryId: string, success: boolean, more: Partial<Execution> = {}): Learned => ({
  is: 'execution',
  execution: {
    memoryId,
    task: memoryId,
    taskType: 'deploy',
    description: null,
    agent: null,
    tags: [],
    tools: [],
    success,
    signature: null,
    isEcho: false,
    durationMs: null,
    costUsd: null,
    ...more,
  },
});

const revoked = (memoryId: string): Learned => ({ is: 'revocation', memoryId });
const asked: Learned = { is: 'extraction', key: LOGIN };

const runs = (name: string, outcomes: readonly boolean[], more?: Partial<Execution>): Learned[] =>
  outcomes.map((success, i) => ran(`${name}-${i}`, success, more));
const times = (n: number, success: boolean): boolean[] => Array<boolean>(n).fill(success);
const byTurns = (n: number): boolean[] => Array.from({ length: n }, (_, i) => i % 2 === 0);

/** 0..1, the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;

    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const anyExecution = fc
  .record({
    task: fc.constantFrom('t', 'u', 'v', 'w', 'x'),
    taskType: fc.constantFrom('fix_bug', 'fix_ui', 'deploy'),
    agent: fc.constantFrom(null, 'coder', 'other'),
    description: fc.constantFrom(null, 'the login'),
    tags: fc.subarray(['auth', 'ui']),
    success: fc.boolean(),
    signature: fc.constantFrom(null, 'Timeout'),
    isEcho: fc.boolean(),
    durationMs: fc.option(fc.constantFrom(10_000, 40_000, 80_000)),
    costUsd: fc.option(fc.constantFrom(0, 0.1)),
  })
  .map(({ success, ...more }) => ({ success, more }));

const anyFeedback = fc
  .record({ actor: fc.constantFrom(null, 'ann', 'bob'), helpful: fc.boolean() })
  .map(({ actor, helpful }): Learned => {
    const key: Key = ['type', 'deploy'];
    const said = { helpful, adjustment: 0.1 };
    return { is: 'feedback', patternId: patternIdOf('n', 'success', key), key, actor, said };
  });

const anyLog = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: anyExecution },
      { weight: 1, arbitrary: anyFeedback },
      { weight: 1, arbitrary: fc.constant(asked) },
      { weight: 2, arbitrary: fc.nat(60).map((i) => revoked(`m-${i}`)) },
    ),
    { maxLength: 60 },
  )
  .map((log) => log.map((e, i) => ('is' in e ? e : ran(`m-${i}`, e.success, e.more))));

const idsIn = (log: readonly Learned[]): string[] =>
  log.flatMap((event) => (event.is === 'execution' ? [event.execution.memoryId] : []));

const notes = (changes: readonly Change[], key: Key): Change[] =>
  changes.filter((change) => nameOf(change.key) === nameOf(key));

describe('A log', () => {
  it('teaches the same, however often it is read', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const [once, twice] = [learnFrom(log), learnFrom(log)];

        expect(twice.state).toEqual(once.state);
        expect([...twice.state.keys.keys()]).toEqual([...once.state.keys.keys()]);
        expect(twice.changes).toEqual(once.changes);
      }),
    );
  });

  it('of which all is revoked leaves nothing that counts', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const { state } = learnFrom(idsIn(log).map(revoked), learnFrom(log), log.length);
        const counts = { successes: 0, executions: 0, tasks: 0 };

        for (const of of state.keys.values()) {
          expect(of).toMatchObject({ ...counts, votes: { task: NONE, agent: NONE } });
          expect(of).toMatchObject({ cut: NONE, zero: NONE, lnE: null });
        }
        expect([...state.signatures.values()].every((count) => count === 0)).toBe(true);
        expect([...state.tasks.values()].every(({ executions }) => executions === 0)).toBe(true);
      }),
    );
  });

  it('of which some is revoked counts the outcomes of one that never held it', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(60)), (log, numbers) => {
        const gone = numbers.map((i) => `m-${i}`);
        const kept = log.filter(
          (e) => e.is !== 'execution' || !gone.includes(e.execution.memoryId),
        );
        const whole = learnFrom(gone.map(revoked), learnFrom(log), log.length).state;
        const without = learnFrom(kept).state;

        for (const { key, ...of } of whole.keys.values()) {
          // What is better depends on what was there before it.
          if (isMeasured(key)) continue;
          const { successes, executions, tasks } = without.key(key);
          expect(of).toMatchObject({ successes, executions, tasks });
        }
      }),
    );
  });

  it('of coin flips teaches nothing: twenty agents, two hundred tasks, and no pattern ever', () => {
    const flip = dice(1);
    const log = Array.from({ length: 200 }, (_, task) =>
      Array.from({ length: 20 }, (__, agent) =>
        ran(`${task} ${agent}`, flip() < 0.5, { task: `t-${task}`, agent: `a-${agent}` }),
      ),
    ).flat();
    const { state, changes } = learnFrom(log);

    expect(state.key(ROOT).executions).toBe(4_000);
    expect(changes.filter(({ status }) => status === 'active')).toEqual([]);
  });
});

describe('A change', () => {
  it('is when a pattern is first listed, and then when its confidence moved by 5 points', () => {
    const { changes } = learnFrom(runs('c', times(12, true), { agent: 'coder' }));
    const noted = notes(changes, ['agent', 'coder']);

    // (n + 4·root) / (n + 4), the root being (n + 2) / (n + 4) after n successes.
    expect(noted.map(({ executions }) => executions)).toEqual([1, 2, 3, 5, 9]);
    expect(noted.map(({ confidence }) => confidence.toFixed(3))).toEqual([
      '0.680',
      '0.778',
      '0.837',
      '0.901',
      '0.953',
    ]);
    expect(noted[0]?.was).toBeNull();
    expect(notes(changes, ROOT)).toEqual([]);
  });

  it('is when a pattern is listed again, after its only vote was revoked', () => {
    const of: Key = ['type', 'deploy'];
    const { changes } = learnFrom([ran('a', true), revoked('a'), ran('b', true)]);

    expect(notes(changes, of).map(({ was }) => was)).toEqual([null, null]);
  });

  it('is always one of side, of status or of 5 points, told with what was noted before', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        for (const { was, side, status, confidence } of learnFrom(log).changes) {
          const isOther = was?.side !== side || was.status !== status;
          const moved = was === null ? 1 : Math.abs(was.confidence - confidence);

          expect(isOther || moved >= 0.05).toBe(true);
        }
      }),
    );
  });
});

describe('An extracted pattern', () => {
  const login = { description: 'the login' };
  const before = [...runs('o', byTurns(60)), ...runs('p', [false, ...times(5, true)], login)];

  it('counts what its regex found before, and what it finds after', () => {
    const { state } = learnFrom([...before, revoked('p-1'), asked, ran('q', true, login)]);
    const counts = { successes: 5, executions: 6, tasks: 6, votes: { task: { votes: 6 } } };

    expect(state.key(LOGIN)).toMatchObject(counts);
  });

  it('gives back what is revoked, whether it was before or after', () => {
    const log = [...before, asked, ran('q', true, login), revoked('p-0'), revoked('q')];

    expect(learnFrom(log).state.key(LOGIN)).toMatchObject({ successes: 5, executions: 5 });
  });

  it('is active when it is asked for, with the confidence that it honestly has', () => {
    const { state } = learnFrom([...before, asked]);

    // learner.py
    expect(state.key(LOGIN)).toMatchObject({
      isActive: true,
      direction: 'success',
      lnE: 0.347_213,
    });
    expect(state.key(LOGIN).rate).toBeCloseTo(0.711_428_571_428_571_4, 12);
  });

  it('is asked for once', () => {
    const once = learnFrom([...before, asked]).state.key(LOGIN);

    expect(learnFrom([...before, asked, asked]).state.key(LOGIN)).toEqual(once);
  });

  it('comes back after a demotion only through the gate, and on its own side', () => {
    // What learner.py says: demoted by the 11th failure, and back with the 186th success.
    const failing = [...before, asked, ...runs('q', times(60, false), login)];
    const mending = [...failing, ...runs('r', times(186, true), login)];
    const standing = (log: readonly Learned[]): object => {
      const { isActive, direction, demotions } = learnFrom(log).state.key(LOGIN);
      return { isActive, direction, demotions };
    };
    const at = (isActive: boolean, demotions: number): object => ({
      isActive,
      direction: 'success',
      demotions,
    });

    expect(standing(failing.slice(0, before.length + 11))).toEqual(at(true, 0));
    expect(standing(failing.slice(0, before.length + 12))).toEqual(at(false, 1));
    // By now the gate would make it a failure, and it is none.
    expect(learnFrom(failing).state.key(LOGIN).lnE).toBe(19.757_83);
    expect(standing(failing)).toEqual(at(false, 1));
    expect(standing(mending.slice(0, -1))).toEqual(at(false, 1));
    expect(standing(mending)).toEqual(at(true, 1));
  });
});
