import type { CommandKey, DomainEvent } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EventCatalog } from './event-catalog.js';
import type { StoredEvent } from './event-store.js';

const KEY: CommandKey = { name: 'http:a', hash: 'h', keptHours: null };

const catalog = new EventCatalog();
catalog.add({
  'test.noted': {
    says: 'Something was noted.',
    version: 3,
    data: z.strictObject({ n: z.number() }),
    text: z.strictObject({ note: z.string() }),
    upcasters: [
      ({ data: { count, ...data }, ...rest }) => ({ ...rest, data: { ...data, n: count } }),
      ({ data, ...rest }) => ({ ...rest, data: { ...data, n: Number(data.n) } }),
    ],
  },
});
catalog.add({
  'test.counted': {
    says: 'Something was counted.',
    version: 1,
    data: z.strictObject({ pad: z.string().default('') }),
  },
});

const check =
  (...events: DomainEvent[]) =>
  (): void => {
    catalog.check({ writes: [{ stream: 'test-1', expected: 'any', events }], keys: [] });
  };

describe('The catalog of events', () => {
  it('lists them by name, whichever room came first', () => {
    expect(catalog.all().map(([type]) => type)).toEqual(['test.counted', 'test.noted']);
  });

  it('knows the version of each', () => {
    expect(catalog.versionOf('test.noted')).toBe(3);
    expect(() => catalog.versionOf('test.unheard_of')).toThrow('No event is called');
  });

  it('takes what fits', () => {
    expect(check({ type: 'test.noted', data: { n: 1 }, text: { note: '' } })).not.toThrow();
    expect(
      check(...Array<DomainEvent>(1_000).fill({ type: 'test.counted', data: {} })),
    ).not.toThrow();
  });

  it('measures data in bytes, and never a text', () => {
    const pad = (length: number): DomainEvent => ({
      type: 'test.counted',
      data: { pad: 'é'.repeat(length) },
    });
    const most = (256 * 1_024 - Buffer.byteLength('{"pad":""}')) / 2;

    expect(check(pad(most))).not.toThrow();
    expect(check(pad(most + 1))).toThrow('262144 is most');
    const note = 'x'.repeat(300_000);
    expect(check({ type: 'test.noted', data: { n: 1 }, text: { note } })).not.toThrow();
  });

  it.each<[string, DomainEvent]>([
    ['an unknown type', { type: 'test.unheard_of', data: {} }],
    ['data of another shape', { type: 'test.noted', data: { n: '1' }, text: { note: '' } }],
    ['more data than declared', { type: 'test.noted', data: { n: 1, m: 2 }, text: { note: '' } }],
    ['a missing text', { type: 'test.noted', data: { n: 1 } }],
    ['more text than declared', { type: 'test.noted', data: { n: 1 }, text: { note: '', b: 1 } }],
    ['a text where none was declared', { type: 'test.counted', data: {}, text: { note: '' } }],
  ])('refuses %s', (_what, event) => {
    expect(check(event)).toThrow();
  });

  it('refuses more than 1,000 events, over all streams', () => {
    const half = (stream: 'test-1' | 'test-2', count: number): object => ({
      stream,
      expected: 'any',
      events: Array<DomainEvent>(count).fill({ type: 'test.counted', data: {} }),
    });
    const writes = [half('test-1', 500), half('test-2', 501)];

    expect(() => {
      catalog.check({ writes, keys: [] } as unknown as Parameters<EventCatalog['check']>[0]);
    }).toThrow('An append of 1001 events; 1000 is most.');
  });

  it('refuses an append of nothing, unless it remembers an answer', () => {
    const nothing = [{ stream: 'test-1', expected: 'any', events: [] }] as const;

    for (const [writes, keys] of [
      [[], []],
      [nothing, []],
      [nothing, [KEY]],
    ] as const) {
      expect(() => {
        catalog.check({ writes, keys });
      }).toThrow('An empty append.');
    }
    expect(() => {
      catalog.check({ writes: [], keys: [KEY] });
    }).not.toThrow();
  });

  describe('reads an old event', () => {
    const old = (schemaVersion: number, data: object): StoredEvent => ({
      type: 'test.noted',
      data,
      text: { note: 'kept' },
      position: 7n,
      namespace: 'default',
      stream: 'test-1',
      version: 1,
      id: 'e-7',
      schemaVersion,
      metadata: { correlation_id: 'r-1', causation_id: null, actor: null, traceparent: null },
      recordedAt: '2026-01-31T12:00:00.000Z',
    });

    it.each([
      [1, { count: '7' }],
      [2, { n: '7' }],
      [3, { n: 7 }],
    ])('of version %i as one of today', (version, data) => {
      expect(catalog.upcast(old(version, data))).toEqual(old(3, { n: 7 }));
    });

    it('and leaves it as it was written', () => {
      const event = old(1, { count: '7' });
      catalog.upcast(event);

      expect(event).toEqual(old(1, { count: '7' }));
    });

    it('only when there is a way from each version to the next', () => {
      const schema = { says: 'x', version: 2, data: z.strictObject({}) };

      expect(() => {
        new EventCatalog().add({ 'test.gap': schema });
      }).toThrow('test.gap is at version 2 and lacks an upcaster to it.');
    });
  });
});
