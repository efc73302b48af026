import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from './event-store.js';
import { runsOf, type Projection } from './projection.js';

const stored = (type: string, n: number): StoredEvent => ({
  type,
  data: { n },
  position: BigInt(n),
  namespace: 'default',
  stream: 'test-1',
  version: n,
  id: String(n),
  schemaVersion: 1,
  metadata: { correlation_id: 'r-1', causation_id: null, actor: null, traceparent: null },
  recordedAt: '2026-01-31T12:00:00.000Z',
});

const on: Projection['on'] = {
  a: () => Promise.resolve(),
  b: () => Promise.resolve(),
  c: () => Promise.resolve(),
};

describe('Runs of events', () => {
  const positions = (types: string[], handlers: Projection['on']): number[][] =>
    runsOf(types.map(stored), handlers).map((run) => run.map(({ position }) => Number(position)));

  it('are neighbours of one type', () => {
    expect(positions(['a', 'a', 'b', 'a', 'c', 'c'], on)).toEqual([[0, 1], [2], [3], [4, 5]]);
    expect(positions([], on)).toEqual([]);
  });

  it('are neighbours of several types that one function handles', () => {
    const together = { ...on, b: on.a };

    expect(positions(['a', 'b', 'a', 'c', 'b'], together)).toEqual([[0, 1, 2], [3], [4]]);
  });

  it('are all events in their order, as few runs as there can be', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (types) => {
        const events = types.map(stored);
        const runs = runsOf(events, on);

        expect(runs.flat()).toEqual(events);
        for (const [index, run] of runs.entries()) {
          expect(new Set(run.map(({ type }) => type)).size).toBe(1);
          expect(runs[index - 1]?.[0]?.type).not.toBe(run[0]?.type);
        }
      }),
    );
  });
});
