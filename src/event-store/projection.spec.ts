import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from './event-store.js';
import { runsOf } from './projection.js';

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

describe('Runs of events', () => {
  it('are neighbours of one type', () => {
    const events = ['a', 'a', 'b', 'a', 'c', 'c'].map(stored);

    expect(runsOf(events).map((run) => run.map(({ position }) => Number(position)))).toEqual([
      [0, 1],
      [2],
      [3],
      [4, 5],
    ]);
    expect(runsOf([])).toEqual([]);
  });

  it('are all events in their order, as few runs as there can be', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (types) => {
        const events = types.map(stored);
        const runs = runsOf(events);

        expect(runs.flat()).toEqual(events);
        for (const [index, run] of runs.entries()) {
          expect(new Set(run.map(({ type }) => type)).size).toBe(1);
          expect(runs[index - 1]?.[0]?.type).not.toBe(run[0]?.type);
        }
      }),
    );
  });
});
