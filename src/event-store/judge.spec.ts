import type { CommandKey } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Append, StreamName, StreamWrite } from './event-store.js';
import { address, judge, recallFrom, type Known, type Verdict } from './judge.js';

const nothingKnown = (): Known => ({ commands: new Map(), versions: new Map() });

const key = (name: string, hash = 'h'): CommandKey => ({ name, hash, keptHours: null });

const write = (stream: StreamName, expected: number | 'any', events = 1): StreamWrite => ({
  stream,
  expected,
  events: Array.from({ length: events }, () => ({ type: 'test.counted', data: {} })),
});

const append = (
  writes: readonly StreamWrite[],
  { keys = [], namespace = 'default', result = {} }: Partial<Wanted> = {},
): Append => ({
  caller: { namespace, requestId: 'r-1', actor: null, traceparent: null, key: null },
  writes,
  keys,
  result,
  causationId: null,
});

interface Wanted {
  readonly keys: readonly CommandKey[];
  readonly namespace: string;
  readonly result: Record<string, unknown>;
}

const kinds = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ is }) => is);

describe('A group of appends', () => {
  it('is judged one after the other, each on what the ones before it left', () => {
    const known = nothingKnown();
    const verdicts = judge(
      [
        append([write('task-1', 0, 2)]),
        append([write('task-1', 0)]),
        append([write('task-1', 2)]),
        append([write('task-1', 'any', 3)]),
      ],
      known,
    );

    expect(verdicts).toEqual([
      { is: 'accepted', firstVersions: [1] },
      { is: 'refused', because: expect.objectContaining({ code: 'stream.moved_on' }) as unknown },
      { is: 'accepted', firstVersions: [3] },
      { is: 'accepted', firstVersions: [4] },
    ]);
    expect(known.versions.get(address('default', 'task-1'))).toBe(6);
  });

  it('begins at the versions that are known', () => {
    const known = nothingKnown();
    known.versions.set(address('default', 'task-1'), 7);

    expect(judge([append([write('task-1', 7)])], known)).toEqual([
      { is: 'accepted', firstVersions: [8] },
    ]);
  });

  it('leaves nothing behind of an append with one stream that has moved on', () => {
    const known = nothingKnown();
    const verdicts = judge(
      [
        append([write('task-1', 0), write('memory-1', 3)], { keys: [key('http:a')] }),
        append([write('task-1', 0)], { keys: [key('http:a', 'other')] }),
      ],
      known,
    );

    expect(kinds(verdicts)).toEqual(['refused', 'accepted']);
    expect(known.versions.get(address('default', 'memory-1'))).toBeUndefined();
  });

  it('does once what comes twice under a key', () => {
    const first = append([write('task-1', 0)], { keys: [key('http:a')], result: { n: 1 } });
    const second = append([write('task-1', 0)], { keys: [key('http:a')], result: { n: 2 } });

    expect(judge([first, second], nothingKnown())).toEqual([
      { is: 'accepted', firstVersions: [1] },
      { is: 'repeated', result: { n: 1 } },
    ]);
  });

  it('refuses a key that is known for something else', () => {
    const group = ['h', 'other'].map((hash) =>
      append([write('task-1', 'any')], { keys: [key('http:a', hash)] }),
    );

    expect(kinds(judge(group, nothingKnown()))).toEqual(['accepted', 'refused']);
  });

  it('keeps tenants apart, also those whose names could be mistaken', () => {
    const group = ['user1', 'user10', 'User1'].map((namespace) =>
      append([write('task-1', 0)], { namespace, keys: [key('http:a')] }),
    );

    expect(kinds(judge(group, nothingKnown()))).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('remembers an answer to which nothing happened', () => {
    const answer = append([], { keys: [key('http:a')], result: { items: 3 } });

    expect(judge([answer, answer], nothingKnown())).toEqual([
      { is: 'accepted', firstVersions: [] },
      { is: 'repeated', result: { items: 3 } },
    ]);
  });

  it('numbers each stream from 1 without a gap, whatever comes', () => {
    const writing = fc.record({
      stream: fc.constantFrom<StreamName>('task-1', 'task-2', 'memory-1'),
      expected: fc.oneof(fc.constant('any' as const), fc.nat(5)),
      events: fc.integer({ min: 1, max: 3 }),
    });

    fc.assert(
      fc.property(fc.array(writing, { maxLength: 30 }), (wanted) => {
        const group = wanted.map(({ stream, expected, events }) =>
          append([write(stream, expected, events)]),
        );
        const verdicts = judge(group, nothingKnown());
        const versions = new Map<string, number>();
        wanted.forEach(({ stream, expected, events }, index) => {
          const before = versions.get(stream) ?? 0;
          const fits = expected === 'any' || expected === before;
          if (fits) versions.set(stream, before + events);

          expect(verdicts[index]).toMatchObject(
            fits ? { is: 'accepted', firstVersions: [before + 1] } : { is: 'refused' },
          );
        });
      }),
    );
  });
});

describe('A recollection', () => {
  const commands = new Map([[address('default', 'http:a'), { hash: 'h', result: { n: 1 } }]]);

  it('is the result of any of the keys', () => {
    expect(recallFrom(commands, 'default', [key('http:b'), key('http:a')])).toEqual({ n: 1 });
  });

  it('is none under other keys, none in another namespace, and none without a key', () => {
    expect(recallFrom(commands, 'default', [key('http:b')])).toBeNull();
    expect(recallFrom(commands, 'other', [key('http:a')])).toBeNull();
    expect(recallFrom(commands, 'default', [])).toBeNull();
  });

  it.each([
    ['http:a', 'This Idempotency-Key was used before with another content.'],
    ['execution:a', 'This execution_id was used before with another content.'],
  ])('of %s for something else is refused in its own words', (name, sentence) => {
    const known = new Map([[address('default', name), { hash: 'h', result: {} }]]);

    expect(() => recallFrom(known, 'default', [key(name, 'other')])).toThrow(
      expect.objectContaining({ code: 'request.key_reused', message: sentence }),
    );
  });
});
