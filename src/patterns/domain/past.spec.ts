import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFound } from '../regex.js';
import type { Said } from './confidence.js';
import type { Evidence, KeyState } from './key-state.js';
import {
  isSignature,
  nameOf,
  patternTypeOf,
  type ExtractedKey,
  type Key,
  type PatternType,
} from './key.js';
import { LearnerInMemory, type Learned } from './learner-in-memory.js';
import { Past, restsOn, type Happening } from './past.js';
import { patternIdOf } from './pattern-id.js';
import { basisOf, heardOf, medianFor, served, type Basis } from './served.js';

const LOGIN: ExtractedKey = ['extracted', 'success', 'login'];
const UI: ExtractedKey = ['extracted', 'failure', '^fix_ui'];
/** What people speak of, known by then or not. */
const SPOKEN_OF: readonly Key[] = [
  ['type', 'deploy'],
  ['prefix', 'fix'],
  ['agent', 'coder'],
  ['type_tag', 'fix_bug', 'auth'],
  ['type_signature', 'deploy', 'Timeout'],
  ['agent_type_signature', 'coder', 'deploy', 'Timeout'],
  ['faster', 'type_tool', 'deploy', 'shell'],
  LOGIN,
];

/** A pattern with everything that is known of its key. */
interface Standing {
  readonly of: Omit<KeyState, 'noted'>;
  readonly status: string;
  readonly confidence: number;
  readonly lower: number;
  readonly outOf: number;
  readonly since: bigint;
  readonly last: bigint;
  readonly basis: Basis;
  readonly heard: readonly Said[];
  readonly median: number | null;
}

/** A row of evidence, as the tables keep it. */
interface Kept {
  evidence: Evidence;
  revokedAt: bigint | null;
}

/** A log that was learned from, with the evidence that stays. */
class Told {
  readonly rows = new Map<string, Kept>();
  private readonly decided: { of: string; happening: Happening }[] = [];
  private readonly learner = new LearnerInMemory('n', isFound);
  /** By key; worked out once. */
  private readonly happened = new Map<string, readonly Happening[]>();
  private position = 0n;

  apply(event: Learned): void {
    this.happened.clear();
    this.position += 1n;
    this.learner.apply(event, { position: this.position, at: 'now', cause: event.is });
    for (const [id, evidence] of this.learner.evidence) {
      this.rows.set(id, { evidence, revokedAt: null });
    }
    if (event.is === 'execution') return;
    const { position } = this;
    if (event.is === 'revocation') {
      const row = this.rows.get(event.memoryId);
      if (row) row.revokedAt ??= position;
    } else {
      const happening: Happening =
        event.is === 'extraction' ? { is: 'extraction', position } : { ...event, position };
      this.decided.push({ of: nameOf(event.key), happening });
    }
  }

  /** Every pattern that is listed now, by its id. */
  now(): Map<string, Standing> {
    const { state, patterns } = this.learner;
    const found = new Map<string, Standing>();
    for (const [id, pattern] of patterns) {
      const { noted: _, ...of } = pattern.of;
      if (pattern.of.noted?.side !== pattern.side) continue;
      // The share of an error is worked out when it is read.
      const now = isSignature(of.key) ? { ...pattern, ...served(state, pattern.of) } : pattern;
      found.set(id, {
        of: structuredClone(of),
        status: now.status,
        confidence: now.confidence,
        lower: now.lower,
        outOf: now.outOf,
        since: now.since.position,
        last: now.last.position,
        basis: basisOf(state, pattern.of, pattern.side),
        heard: heardOf(state, pattern.of, id),
        median: medianFor(of.key, state.histograms),
      });
    }

    return found;
  }

  keys(): Key[] {
    return [...this.learner.state.keys.values()].map(({ key }) => key);
  }

  /** A pattern at a position, worked out from the rows alone. */
  asOf(key: Key, side: PatternType, until: bigint): Standing | null {
    const past = new Past('n', key, this.errorsOf(key, until));
    for (const one of this.happenings(key)) if (one.position <= until) past.apply(one);
    const found = past.pattern(side);
    if (!found) return null;
    const { noted: _, ...of } = found.of;

    return {
      of,
      status: found.status,
      confidence: found.confidence,
      lower: found.lower,
      outOf: found.outOf,
      since: found.since.position,
      last: found.last.position,
      basis: basisOf(past.state, found.of, side),
      heard: heardOf(past.state, found.of, found.patternId),
      median: medianFor(key, past.state.histograms),
    };
  }

  private happenings(key: Key): readonly Happening[] {
    const known = this.happened.get(nameOf(key));
    if (known) return known;
    const evidence = [...this.rows.values()].flatMap((row) => happeningsOf(row, key));
    const decided = this.decided.filter(({ of }) => of === nameOf(key));
    const all = [...evidence, ...decided.map(({ happening }) => happening)];
    all.sort((a, b) => Number(a.position - b.position));
    this.happened.set(nameOf(key), all);

    return all;
  }

  private errorsOf(key: Key, until: bigint): number {
    const shown = isSignature(key) ? key.at(-1) : null;

    return [...this.rows.values()].filter(
      ({ evidence: { signature, success, position }, revokedAt }) =>
        signature === shown &&
        !success &&
        position <= until &&
        (revokedAt === null || revokedAt > until),
    ).length;
  }
}

function happeningsOf({ evidence, revokedAt }: Kept, key: Key): Happening[] {
  const names = evidence.keys.map(nameOf);
  const isOwn = names.includes(nameOf(key));
  const others = restsOn(key).filter((of) => names.includes(nameOf(of)));
  const counted = { is: 'evidence', evidence, isOwn, others } as const;

  return [
    { ...counted, sign: 1, position: evidence.position },
    ...(revokedAt === null ? [] : [{ ...counted, sign: -1, position: revokedAt } as const]),
  ];
}

const anyExecution = fc
  .record({
    task: fc.constantFrom('t', 'u', 'v', 'w', 'x', 'y', 'z'),
    taskType: fc.constantFrom('fix_bug', 'fix_ui', 'deploy'),
    agent: fc.constantFrom(null, 'coder', 'other'),
    description: fc.constantFrom(null, 'the login'),
    tags: fc.subarray(['auth', 'ui']),
    tools: fc.subarray(['shell']),
    success: fc.boolean(),
    signature: fc.constantFrom(null, 'Timeout', 'ENOENT'),
    isEcho: fc.boolean(),
    durationMs: fc.constantFrom(null, 5, 40_000, 40_001, 80_000, 1e12),
    costUsd: fc.constantFrom(null, 0, 0.02, 3),
  })
  .map((execution) => ({ is: 'execution', execution }) as const);

const anyDecision = fc
  .record({
    is: fc.constantFrom('feedback', 'retirement', 'restoration'),
    key: fc.constantFrom(...SPOKEN_OF),
    side: fc.constantFrom('success', 'failure'),
    actor: fc.constantFrom(null, 'ann', 'bob'),
    said: fc.record({ helpful: fc.boolean(), adjustment: fc.constantFrom(0, 0.1, -0.2) }),
  })
  .map(({ side, ...event }): Learned => ({
    ...event,
    patternId: patternIdOf('n', patternTypeOf(event.key, side), event.key),
  }));

const anyLog = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: anyExecution },
      { weight: 2, arbitrary: anyDecision },
      {
        weight: 2,
        arbitrary: fc.constantFrom(LOGIN, UI).map((key): Learned => ({ is: 'extraction', key })),
      },
      {
        weight: 2,
        arbitrary: fc.nat(80).map((i): Learned => ({ is: 'revocation', memoryId: `m-${i}` })),
      },
    ),
    { maxLength: 80 },
  )
  .map((log) =>
    log.map((event, i): Learned =>
      event.is === 'execution'
        ? { ...event, execution: { ...event.execution, memoryId: `m-${i}` } }
        : event,
    ),
  );

const SIDES = ['success', 'failure'] as const;
/** Of the keys of a log every so manieth is looked back on: it takes long, and there are many logs. */
const STRIDE = 3;

/** Ann does well and then badly, bob the other way round; a part of it is taken back later. */
function turningLog(): Learned[] {
  const log = Array.from({ length: 420 }, (_, n): Learned => {
    const [agent, isEarly] = [n % 2 === 0 ? 'ann' : 'bob', n % 240 < 120];
    const labels = { agent, tags: n % 3 === 0 ? ['ui'] : [], tools: ['shell'] };
    const success = n % 13 === 0 ? isEarly : (agent === 'ann') === isEarly;
    const signature = success ? null : 'Timeout';
    const measured = { durationMs: isEarly === (agent === 'ann') ? 1_000 : 9_000, costUsd: null };
    const more = { description: 'the login', signature, isEcho: false, ...labels, ...measured };
    const [memoryId, task] = [`m-${n}`, `t-${Math.floor(n / 3)}`];

    return { is: 'execution', execution: { memoryId, task, taskType: 'deploy', success, ...more } };
  });

  return log.flatMap((event, n): Learned[] => [
    event,
    ...(n === 100 ? [{ is: 'extraction', key: LOGIN } as const] : []),
    ...(n % 11 === 0 ? [{ is: 'revocation', memoryId: `m-${Math.floor(n / 2)}` } as const] : []),
  ]);
}

describe('A pattern as of a position', () => {
  it('is what the learner said when the log ended there, in every number', () => {
    const compared = new Map<Key[0], number>();
    fc.assert(
      fc.property(anyLog, (log) => {
        const told = new Told();
        const then = log.map((event) => {
          told.apply(event);
          return told.now();
        });
        for (const [nth, key] of told.keys().entries()) {
          if (nth % STRIDE !== log.length % STRIDE) continue;
          for (const side of SIDES) {
            const id = patternIdOf('n', patternTypeOf(key, side), key);
            then.forEach((patterns, index) => {
              const standing = patterns.get(id) ?? null;
              expect(told.asOf(key, patternTypeOf(key, side), BigInt(index + 1))).toEqual(standing);
              compared.set(key[0], (compared.get(key[0]) ?? 0) + Number(standing !== null));
            });
          }
        }
      }),
    );
    expect([...compared].filter(([, times]) => times < 10)).toEqual([['root', 0]]);
  });

  it('is that also when it was proven, lost and proven again by then', () => {
    const told = new Told();
    const then = turningLog().map((event) => {
      told.apply(event);
      return told.now();
    });
    const seen = then.flatMap((patterns) => [...patterns.values()]);
    for (const status of ['active', 'candidate']) {
      expect(seen.filter((one) => one.status === status && one.of.demotions > 0)).not.toEqual([]);
    }
    const both = told.keys().flatMap((key) => SIDES.map((side) => ({ key, side })));
    for (const { key, side } of both) {
      const id = patternIdOf('n', patternTypeOf(key, side), key);
      for (let index = 9; index < then.length; index += 41) {
        const standing = then[index]?.get(id) ?? null;
        expect(told.asOf(key, patternTypeOf(key, side), BigInt(index + 1))).toEqual(standing);
      }
    }
  });
});
