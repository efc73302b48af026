import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  EventCatalog,
  VersionConflict,
  type Append,
  type EventStore,
  type StoredEvent,
  type StreamName,
} from '../../src/event-store/index.js';
import { DomainError, newId, type CommandKey } from '../../src/kernel/index.js';

/** The events that the tests of the log write. */
export function testCatalog(): EventCatalog {
  const catalog = new EventCatalog();
  const data = z.strictObject({ n: z.number(), pad: z.string().optional() });
  catalog.add({
    'test.counted': { says: 'Something was counted.', version: 1, data },
    'test.noted': {
      says: 'Something was noted.',
      version: 3,
      data,
      text: z.strictObject({ note: z.string() }),
      // Once it was called `count`, and then it was a string.
      upcasters: [
        ({ data: { count, ...data }, ...rest }) => ({ ...rest, data: { ...data, n: count } }),
        ({ data, ...rest }) => ({ ...rest, data: { ...data, n: Number(data.n) } }),
      ],
    },
  });

  return catalog;
}

export const noted = (n: number, note?: string): Append['writes'][number]['events'][number] => ({
  type: note === undefined ? 'test.counted' : 'test.noted',
  data: { n },
  ...(note === undefined ? {} : { text: { note } }),
});

/** An append of one stream, by somebody in `namespace`. */
export function appending(
  stream: StreamName,
  events: Append['writes'][number]['events'],
  { expected = 'any', namespace = 'default', keys = [], result = {} }: Partial<Wanted> = {},
): Append {
  const caller = { namespace, requestId: 'r-1', actor: 'ann', traceparent: null, key: null };

  return { caller, writes: [{ stream, expected, events }], keys, result, causationId: null };
}

interface Wanted {
  readonly expected: number | 'any';
  readonly namespace: string;
  readonly keys: readonly CommandKey[];
  readonly result: Record<string, unknown>;
}

export const key = (name: string, hash = 'h'): CommandKey => ({ name, hash, keptHours: null });

/** What every event store promises, whatever it keeps its events in. */
export function keepsThePromisesOfALog(
  open: () => Promise<[EventStore, () => Promise<void>]>,
): void {
  describe('An event store', () => {
    let store: EventStore;
    let close: () => Promise<void>;

    beforeAll(async () => {
      [store, close] = await open();
    });
    afterAll(() => close());

    const fresh = (): StreamName => `test-${newId()}`;
    const everything = (): Promise<StoredEvent[]> => store.readAll(0n, 100_000);

    it('gives back what was written, as it was written', async () => {
      const stream = fresh();
      const before = await store.head();
      const { position, repeated } = await store.append(
        appending(stream, [noted(1, 'première "note" 🙂'), noted(2)], { expected: 0 }),
      );

      expect(repeated).toBe(false);
      expect(position).toBe(before + 2n);
      const events = await store.read('default', stream);
      expect(events).toMatchObject([
        {
          type: 'test.noted',
          data: { n: 1 },
          text: { note: 'première "note" 🙂' },
          position: before + 1n,
          namespace: 'default',
          stream,
          version: 1,
          schemaVersion: 3,
          metadata: { correlation_id: 'r-1', causation_id: null, actor: 'ann', traceparent: null },
        },
        { data: { n: 2 }, version: 2, position: before + 2n },
      ]);
      expect(events[1]).not.toHaveProperty('text');
      expect(events[0]?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    });

    it('writes several streams, or none of them', async () => {
      const [one, other] = [fresh(), fresh()];
      await store.append(appending(one, [noted(1)]));
      const both: Append = {
        ...appending(other, [noted(2)], { expected: 0 }),
        writes: [
          { stream: other, expected: 0, events: [noted(2)] },
          { stream: one, expected: 0, events: [noted(3)] },
        ],
      };

      await expect(store.append(both)).rejects.toThrow(VersionConflict);
      expect(await store.read('default', other)).toEqual([]);
      expect(await store.read('default', one)).toHaveLength(1);
    });

    it('has a conflict for who read an older version, and says how far it is', async () => {
      const stream = fresh();
      await store.append(appending(stream, [noted(1)], { expected: 0 }));

      await expect(store.append(appending(stream, [noted(2)], { expected: 0 }))).rejects.toThrow(
        `${stream} is at version 1, not at 0.`,
      );
      await expect(store.append(appending(stream, [noted(2)], { expected: 2 }))).rejects.toThrow(
        VersionConflict,
      );
      await store.append(appending(stream, [noted(2)], { expected: 1 }));
      expect(await store.read('default', stream)).toHaveLength(2);
    });

    it('lets exactly one of 50 racers win, 20 times', async () => {
      const stream = fresh();
      for (let version = 0; version < 20; version += 1) {
        const racers = Array.from({ length: 50 }, (_, n) =>
          store.append(appending(stream, [noted(n)], { expected: version })),
        );
        const outcomes = await Promise.allSettled(racers);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      }
      expect(await store.read('default', stream)).toHaveLength(20);
    });

    it('does a command once under its key, and gives 30 repetitions the same answer', async () => {
      const stream = fresh();
      const name = `http:${stream}`;
      const before = await store.head();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          store.append(appending(stream, [noted(n)], { keys: [key(name)], result: { n } })),
        ),
      );

      expect(new Set(answers.map(({ result }) => result.n)).size).toBe(1);
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await store.head()).toBe(before + 1n);
      expect(await store.recall('default', [key(name)])).toEqual(answers[0]?.result);
    });

    it('refuses a key that is used for something else, and remembers no refusal', async () => {
      const stream = fresh();
      const name = `http:${stream}`;
      await store.append(appending(stream, [noted(1)], { keys: [key(name)] }));

      const other = store.append(appending(stream, [noted(2)], { keys: [key(name, 'other')] }));
      await expect(other).rejects.toMatchObject({ code: 'request.key_reused', kind: 'conflict' });
      await expect(store.recall('default', [key(name, 'other')])).rejects.toThrow(DomainError);

      const late = key(`http:late-${stream}`);
      const stale = store.append(appending(stream, [noted(3)], { keys: [late], expected: 0 }));
      await expect(stale).rejects.toThrow(VersionConflict);
      expect(await store.recall('default', [late])).toBeNull();
      const again = await store.append(appending(stream, [noted(4)], { keys: [late] }));
      expect(again.repeated).toBe(false);
    });

    it('answers under any of several keys', async () => {
      const stream = fresh();
      const keys = [key(`http:a-${stream}`), key(`execution:b-${stream}`)];
      await store.append(appending(stream, [noted(1)], { keys, result: { first: true } }));
      const other = [key(`http:c-${stream}`), key(`execution:b-${stream}`)];

      const again = await store.append(appending(stream, [noted(1)], { keys: other }));
      expect(again).toMatchObject({ repeated: true, result: { first: true } });
    });

    it('can remember an answer to which nothing happened', async () => {
      const only = key(`http:${fresh()}`);
      const answer = {
        ...appending(fresh(), []),
        writes: [],
        keys: [only],
        result: { items: [1] },
      };
      const before = await store.head();

      expect(await store.append(answer)).toMatchObject({ repeated: false });
      expect(await store.append(answer)).toMatchObject({ repeated: true, result: { items: [1] } });
      expect(await store.head()).toBe(before);
    });

    it('keeps the streams and keys of tenants apart', async () => {
      const stream = fresh();
      const keys = [key(`http:${stream}`)];
      for (const namespace of ['user1', 'user10', 'User1']) {
        const appended = await store.append(
          appending(stream, [noted(1, namespace)], { namespace, keys, expected: 0 }),
        );
        expect(appended.repeated).toBe(false);
      }
      for (const namespace of ['user1', 'user10', 'User1']) {
        const [event, ...others] = await store.read(namespace, stream);
        expect(event).toMatchObject({ namespace, text: { note: namespace } });
        expect(others).toEqual([]);
      }
      expect(await store.read('nobody', stream)).toEqual([]);
    });

    it('forgets texts with the events that say so, and nothing else of them', async () => {
      const stream = fresh();
      await store.append(appending(stream, [noted(1, 'one'), noted(2, 'two'), noted(3, 'three')]));
      const before = await store.read('default', stream);
      const [one, , three] = before.map(({ id }) => id);
      const forgets = [one ?? '', three ?? ''];
      const erasure = appending(fresh(), [noted(4)]);
      const write = { ...erasure.writes[0], stream: fresh(), expected: 0, events: [noted(4)] };
      await store.append({ ...erasure, writes: [{ ...write, forgets }] });

      const after = await store.read('default', stream);
      expect(after.map(({ text }) => text)).toEqual([undefined, { note: 'two' }, undefined]);
      expect(after.map(({ text, ...rest }) => [rest, text !== undefined])).toEqual(
        before.map(({ text, ...rest }, index) => [rest, index === 1 && text !== undefined]),
      );
    });

    it('forgets nothing when the append is refused, or for another tenant', async () => {
      const stream = fresh();
      await store.append(appending(stream, [noted(1, 'one')]));
      const forgets = (await store.read('default', stream)).map(({ id }) => id);
      const erasing = (expected: number, namespace: string): Promise<unknown> => {
        const { writes, ...rest } = appending(fresh(), [noted(2)], { expected, namespace });
        return store.append({ ...rest, writes: writes.map((write) => ({ ...write, forgets })) });
      };

      await expect(erasing(7, 'default')).rejects.toThrow(VersionConflict);
      await erasing(0, 'somebody-else');
      expect((await store.read('default', stream))[0]?.text).toEqual({ note: 'one' });
    });

    it('writes nothing when another stream is not where it has to be', async () => {
      const [stream, rest] = [fresh(), fresh()];
      await store.append(appending(rest, [noted(1)]));
      const resting = (expected: number): Promise<unknown> => {
        const { writes, ...append } = appending(stream, [noted(2)]);
        return store.append({
          ...append,
          writes: [{ stream: rest, expected, events: [] }, ...writes],
        });
      };

      await expect(resting(0)).rejects.toThrow(VersionConflict);
      expect(await store.read('default', stream)).toEqual([]);
      await resting(1);
      await resting(1);
      expect(await store.read('default', stream, rest)).toHaveLength(3);
      const onlyThat = { ...appending(stream, []), writes: [] };
      const empty = { ...onlyThat, writes: [{ stream: rest, expected: 1, events: [] }] };
      await expect(store.append(empty)).rejects.toThrow('An empty append.');
    });

    it('knows what somebody wrote in words, page by page', async () => {
      const [stream, namespace] = [fresh(), fresh()];
      const by = async (actor: string, events: readonly [number, string?][]): Promise<void> => {
        const noteds = events.map(([n, note]) => noted(n, note));
        const append = appending(stream, noteds, { namespace });
        await store.append({ ...append, caller: { ...append.caller, actor } });
      };
      await by('bob', [[1, 'one'], [2], [3, 'three']]);
      await by('ann', [[4, 'four']]);
      await by('bob', [[5, 'five']]);

      const numbers = async (after: bigint, limit: number): Promise<unknown[]> =>
        (await store.readBy(namespace, 'bob', after, limit)).map(({ data }) => data);
      expect(await numbers(0n, 10)).toEqual([{ n: 1 }, { n: 3 }, { n: 5 }]);
      expect(await numbers(0n, 2)).toEqual([{ n: 1 }, { n: 3 }]);
      const [first] = await store.readBy(namespace, 'bob', 0n, 1);
      expect(await numbers(first?.position ?? 0n, 1)).toEqual([{ n: 3 }]);
      expect(await store.readBy('default', 'bob', 0n, 10)).toEqual([]);
      const anybodys = await store.readBy(namespace, null, 0n, 10);
      expect(new Set(anybodys.map(({ metadata }) => metadata.actor)).size).toBeGreaterThan(1);
    });

    it('counts without a gap, in every stream and over all of them', async () => {
      const events = await everything();

      expect(events.map(({ position }) => position)).toEqual(
        events.map((_event, index) => BigInt(index + 1)),
      );
      const versions = new Map<string, number>();
      for (const { namespace, stream, version } of events) {
        const name = `${namespace} ${stream}`;
        expect(version).toBe((versions.get(name) ?? 0) + 1);
        versions.set(name, version);
      }
      expect(await store.readAll(2n, 3)).toMatchObject([
        { position: 3n },
        { position: 4n },
        { position: 5n },
      ]);
    });

    it.each([
      ['nothing', []],
      ['an event nobody declared', [{ type: 'test.unheard_of', data: {} }]],
      ['data that does not fit', [{ type: 'test.counted', data: { n: 'one' } }]],
      ['a field nobody declared', [{ type: 'test.counted', data: { n: 1, m: 2 } }]],
      ['a text that is missing', [{ type: 'test.noted', data: { n: 1 } }]],
      [
        'more than 256 KiB of data',
        [{ type: 'test.counted', data: { n: 1, pad: 'x'.repeat(262_200) } }],
      ],
      ['more than 1,000 events', Array.from({ length: 1_001 }, (_, n) => noted(n))],
    ])('refuses %s', async (_what, events) => {
      const before = await store.head();
      await expect(store.append(appending(fresh(), events))).rejects.toThrow();
      expect(await store.head()).toBe(before);
    });
  });
}
