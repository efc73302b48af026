import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KeyState } from './key-state.js';
import { isMeasured, isOnlyCompared, nameOf, type Key } from './key.js';
import { LearnerInMemory, type Learned } from './learner-in-memory.js';
import type { Execution } from './learner.js';
import { NO_VALUES } from './measure.js';
import { patternIdOf } from './pattern-id.js';

const FAST: Key = ['faster', 'type_tool', 'fix_bug', 'rg'];
const TYPE: Key = ['faster', 'type', 'fix_bug'];
const [SLOW_MS, USUAL_MS, SHORT_MS, FAST_MS] = [90_000, 60_000, 30_000, 10_000];

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

/** A log that is learned from as it grows. */
class Log {
  readonly learner = new LearnerInMemory('n', () => false);
  private position = 0n;

  /** Gives the id of the memory. */
  ran(durationMs: number | null, more: Partial<Execution> = {}): string {
    const memoryId = `m-${this.position}`;
    const labels = { taskType: 'fix_bug', agent: null, tags: [], tools: [], signature: null };
    const run = { memoryId, task: memoryId, success: true, description: null, isEcho: false };
    const execution = { ...run, ...labels, costUsd: null, durationMs, ...more };
    this.apply({ is: 'execution', execution });

    return memoryId;
  }

  many(n: number, durationMs: number, more?: Partial<Execution>): void {
    for (let i = 0; i < n; i += 1) this.ran(durationMs, more);
  }

  /** By turns longer and shorter than usual. */
  others(n: number, more?: Partial<Execution>): void {
    for (let i = 0; i < n; i += 1) this.ran(i % 2 === 0 ? SLOW_MS : SHORT_MS, more);
  }

  apply(event: Learned): void {
    this.position += 1n;
    this.learner.apply(event, { position: this.position, at: 'now', cause: event.is });
  }

  revoke(memoryId: string): void {
    this.apply({ is: 'revocation', memoryId });
  }

  of(key: Key): KeyState {
    return this.learner.state.key(key);
  }

  everActive(): Set<string> {
    const active = this.learner.changes.filter(({ status }) => status === 'active');
    return new Set(active.map(({ key }) => nameOf(key)));
  }
}

describe('What is faster', () => {
  it('is counted of the type, the agent, the tags and the tools', () => {
    const log = new Log();
    log.many(5, USUAL_MS);
    log.ran(FAST_MS, { agent: 'ann', tags: ['ui'], tools: ['rg'] });
    log.ran(SLOW_MS, { tools: ['rg'] });
    log.ran(FAST_MS, { success: false, tools: ['rg'] });

    expect(log.of(TYPE)).toMatchObject({ successes: 1, executions: 3, tasks: 3 });
    expect(log.of(FAST)).toMatchObject({ successes: 1, executions: 3 });
    expect(log.of(['faster', 'type_tag', 'fix_bug', 'ui'])).toMatchObject({ executions: 1 });
    expect(log.of(['faster', 'agent_type', 'ann', 'fix_bug'])).toMatchObject({
      executions: 1,
      votes: { agent: { successes: 1, votes: 1 } },
    });
    expect(log.learner.state.keys.has(nameOf(['cheaper', 'type', 'fix_bug']))).toBe(false);
  });

  it('begins with the share of the type, which begins with a half', () => {
    const log = new Log();
    log.many(5, USUAL_MS);
    log.ran(FAST_MS, { tools: ['rg'] });

    // By hand: (1 + 4·½) / 5, and (1 + 4·.6) / 5.
    expect(log.of(TYPE)).toMatchObject({ prior: 0.5, rate: 0.6 });
    expect(log.of(FAST).prior).toBeCloseTo(0.6, 12);
    expect(log.of(FAST).rate).toBeCloseTo(0.68, 12);
  });

  it('is one pattern with an id of its own, a candidate at first', () => {
    const log = new Log();
    log.many(5, USUAL_MS);
    log.ran(FAST_MS, { tools: ['rg'] });
    const id = patternIdOf('n', 'optimization', FAST);

    expect(log.learner.patterns.get(id)).toMatchObject({
      side: 'optimization',
      status: 'candidate',
    });
    const listed = [...log.learner.patterns.values()].map(({ of }) => of.key);
    expect(listed.filter(isOnlyCompared)).toEqual([]);
  });

  it('votes with the first executions of tasks; repeats and echoes prove nothing', () => {
    const log = new Log();
    log.others(100);
    log.many(40, FAST_MS, { tools: ['rg'], task: 'same' });
    log.many(40, FAST_MS, { tools: ['rg'], isEcho: true });

    expect(log.of(FAST)).toMatchObject({ successes: 80, votes: { task: { votes: 1 } } });
    expect(log.of(FAST).isActive).toBe(false);
  });

  it('does not vote with a second execution when the first was not measured', () => {
    const log = new Log();
    log.many(5, USUAL_MS);
    log.ran(null, { tools: ['rg'], task: 'same' });
    log.ran(FAST_MS, { tools: ['rg'], task: 'same' });

    expect(log.of(FAST)).toMatchObject({ executions: 1, votes: { task: { votes: 0 } } });
  });
});

describe('A tool that is faster', () => {
  it('is proven, and demoted when it is so no longer', () => {
    const log = new Log();
    log.others(100);
    log.many(40, FAST_MS, { tools: ['rg'] });
    expect(log.of(FAST)).toMatchObject({ isActive: true, direction: 'success' });

    log.many(15, SLOW_MS, { tools: ['rg'] });
    expect(log.of(FAST)).toMatchObject({ isActive: false, demotions: 1 });
  });

  it('and one that is slower stays a candidate, however sure that is', () => {
    const log = new Log();
    log.others(60);
    log.many(60, SLOW_MS, { tools: ['rg'] });

    expect(log.of(FAST).lnE).toBeGreaterThan(10);
    expect(log.of(FAST)).toMatchObject({ isActive: false, direction: 'success' });
    expect(log.everActive()).toEqual(new Set());
  });

  it('among ten that are not, in many logs, becomes active within 60 executions, and they do not', () => {
    let [found, byChance, keys] = [0, 0, 0];
    for (let seed = 1; seed <= 20; seed += 1) {
      const active = planted(seed, 0.5);
      found += Number(active.delete(nameOf(FAST)));
      byChance += active.size;
      keys += TOOLS.length - 1;
    }

    expect(found).toBeGreaterThanOrEqual(18);
    expect(byChance).toBeLessThanOrEqual(keys / 100);
  });

  it('by chance is proven in less than one key of a hundred, ever', () => {
    let active = 0;
    for (let seed = 101; seed <= 140; seed += 1) active += planted(seed, 1).size;

    expect(active).toBeLessThanOrEqual((40 * TOOLS.length) / 100);
  });
});

const TOOLS = ['rg', ...Array.from({ length: 10 }, (_, n) => `tool-${n}`)];

/** The names of the keys that are ever active in a log in which `rg` makes times so much shorter. */
function planted(seed: number, factor: number): Set<string> {
  const random = dice(seed);
  const log = new Log();
  for (let n = 0; n < 240; n += 1) {
    const tools = TOOLS.filter(() => random() < 0.25);
    const noise = Math.exp(random() + random() + random() + random() - 2);
    const durationMs = Math.round(USUAL_MS * noise * (tools.includes('rg') ? factor : 1));
    log.ran(durationMs, { tools, success: random() < 0.85 });
  }
  const names = [...log.learner.state.keys.values()].flatMap(({ key }) =>
    isMeasured(key) ? nameOf(key) : [],
  );

  return new Set([...log.everActive()].filter((name) => names.includes(name)));
}

const anyRun = fc.record({
  task: fc.constantFrom('t', 'u', 'v', 'w', 'x', 'y'),
  taskType: fc.constantFrom('fix_bug', 'deploy'),
  agent: fc.constantFrom(null, 'ann', 'bob'),
  tools: fc.subarray(['rg', 'sed']),
  success: fc.boolean(),
  isEcho: fc.boolean(),
  durationMs: fc.option(fc.constantFrom(0, 10_000, 20_000, 40_000, 80_000)),
  costUsd: fc.option(fc.constantFrom(0, 0.01, 0.1, 1)),
});
/** Runs; those with `false` are taken back when all are done. */
const anyRuns = fc.array(fc.tuple(anyRun, fc.boolean()), { maxLength: 60 });

const told = (runs: readonly Partial<Execution>[]): Log => {
  const log = new Log();
  for (const run of runs) log.ran(run.durationMs ?? null, run);
  return log;
};

describe('What is measured', () => {
  it('changes nothing of what is known otherwise', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const all = runs.map(([run]) => run);
        const plain = ({ learner }: Log): KeyState[] =>
          [...learner.state.keys.values()].filter(({ key }) => !isMeasured(key));
        const bare = all.map((run) => ({ ...run, durationMs: null, costUsd: null }));

        expect(plain(told(all))).toEqual(plain(told(bare)));
      }),
    );
  });

  it('and is taken back is out of the values as if it had never been there', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const log = told(runs.map(([run]) => run));
        runs.forEach(([, stays], n) => {
          if (!stays) log.revoke(`m-${n}`);
        });
        const never = told(runs.filter(([, stays]) => stays).map(([run]) => run));

        for (const type of ['fix_bug', 'deploy']) {
          expect(log.learner.state.histogramsOf(type)).toEqual(
            never.learner.state.histogramsOf(type),
          );
        }
      }),
    );
  });

  it('and is all taken back leaves nothing that counts', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const log = told(runs.map(([run]) => run));
        runs.forEach((_, n) => {
          log.revoke(`m-${n}`);
        });

        for (const histograms of log.learner.state.histograms.values()) {
          expect(histograms).toEqual(NO_VALUES);
        }
        for (const { successes, executions, tasks, votes } of log.learner.state.keys.values()) {
          expect([successes, executions, tasks, votes.task.votes, votes.agent.votes]).toEqual([
            0, 0, 0, 0, 0,
          ]);
        }
      }),
    );
  });

  it('is not held against another median when one before it is taken back', () => {
    const log = new Log();
    log.many(5, USUAL_MS);
    const first = log.ran(FAST_MS);
    log.ran(FAST_MS, { tools: ['rg'] });
    const before = structuredClone(log.of(FAST));
    log.revoke(first);

    expect(log.of(FAST)).toEqual(before);
  });
});
