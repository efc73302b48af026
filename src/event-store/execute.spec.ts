import {
  conflict,
  SystemClock,
  unavailable,
  type CommandKey,
  type Decider,
  type DomainEvent,
} from '#kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EventCatalog } from './event-catalog.js';
import type { StreamWrite } from './event-store.js';
import { decideOn, execute, type Wish } from './execute.js';
import { InMemoryEventStore } from './in-memory-event-store.js';

type Counted = DomainEvent<'test.counted', { n: number }>;

/** Counts to three; asked for more it refuses, asked for what is there it does nothing. */
const counter: Decider<number, number, Counted> = {
  initial: 0,
  decide(upTo, count) {
    if (upTo > 3) throw conflict('test.too_many', 'Three is most.');

    return upTo <= count ? [] : [{ type: 'test.counted', data: { n: count + 1 } }];
  },
  evolve: (_count, { data }) => data.n,
};

const place = { namespace: 'default', stream: 'test-1' } as const;
const KEY: CommandKey = { name: 'http:a', hash: 'h', keptHours: null };

const wish = (
  keys: readonly CommandKey[] = [],
  result: Record<string, unknown> = {},
): Wish<Record<string, unknown>> => ({
  caller: {
    namespace: 'default',
    requestId: 'r-1',
    actor: null,
    traceparent: null,
    key: keys[0] ?? null,
  },
  keys,
  result,
  causationId: null,
});

describe('A write', () => {
  let store: InMemoryEventStore;

  beforeEach(() => {
    const catalog = new EventCatalog();
    const data = z.strictObject({ n: z.number() });
    catalog.add({ 'test.counted': { says: 'Something was counted.', version: 1, data } });
    store = new InMemoryEventStore(catalog, new SystemClock());
  });

  const countTo = (upTo: number) => async (): Promise<StreamWrite[]> => [
    await decideOn(store, place, counter, upTo),
  ];
  /** Decides, and before that is appended somebody else is faster. */
  const overtaken = (times: number): (() => Promise<StreamWrite[]>) => {
    let left = times;
    return async () => {
      const writes = await countTo(3)();
      left -= 1;
      if (left >= 0) {
        const events = [{ type: 'test.counted', data: { n: 1 } }];
        await store.append({
          ...wish(),
          writes: [{ stream: 'test-1', expected: 'any', events }],
        });
      }
      return writes;
    };
  };

  it('appends what was decided on what is', async () => {
    const first = await execute(store, wish([], { answer: 42 }), countTo(3));
    const second = await execute(store, wish(), countTo(3));

    expect(first).toEqual({ result: { answer: 42 }, repeated: false, position: 1n });
    expect(second.position).toBe(2n);
    expect(await store.read('default', 'test-1')).toMatchObject([
      { version: 1, data: { n: 1 } },
      { version: 2, data: { n: 2 } },
    ]);
  });

  it('of nothing is a repetition, and appends nothing', async () => {
    await execute(store, wish(), countTo(1));

    expect(await execute(store, wish([], { answer: 1 }), countTo(1))).toEqual({
      result: { answer: 1 },
      repeated: true,
      position: 0n,
    });
    expect(await store.head()).toBe(1n);
  });

  it('leaves out streams to which nothing happens', async () => {
    const decide = async (): Promise<StreamWrite[]> => [
      await decideOn(store, { namespace: 'default', stream: 'test-2' }, counter, 0),
      await decideOn(store, place, counter, 1),
    ];

    expect(await execute(store, wish(), decide)).toMatchObject({ repeated: false, position: 1n });
  });

  it('decides again when somebody was faster', async () => {
    const { position } = await execute(store, wish(), overtaken(2));

    expect(position).toBe(3n);
    expect(await store.read('default', 'test-1')).toHaveLength(3);
  });

  it('gives up when somebody is always faster', async () => {
    await expect(execute(store, wish(), overtaken(1_000))).rejects.toMatchObject({
      code: 'stream.moved_on',
    });
    expect(await store.head()).toBe(20n);
  });

  it('takes effect once under its key', async () => {
    await execute(store, wish([KEY], { n: 1 }), countTo(3));

    expect(await execute(store, wish([KEY], { n: 2 }), countTo(3))).toEqual({
      result: { n: 1 },
      repeated: true,
      position: 0n,
    });
    expect(await store.head()).toBe(1n);
  });

  it('that would be refused by now is still answered as it was granted before', async () => {
    await execute(store, wish([KEY], { n: 1 }), countTo(3));

    expect(await execute(store, wish([KEY], { n: 2 }), countTo(4))).toMatchObject({
      result: { n: 1 },
      repeated: true,
    });
  });

  it('that was never granted is refused, with a key or without', async () => {
    for (const keys of [[], [KEY]]) {
      await expect(execute(store, wish(keys), countTo(4))).rejects.toMatchObject({
        code: 'test.too_many',
      });
    }
    expect(await execute(store, wish([KEY], { n: 2 }), countTo(1))).toMatchObject({
      repeated: false,
    });
  });

  it('remembers under its key that nothing was left to do', async () => {
    await execute(store, wish(), countTo(1));
    const nothing = await execute(store, wish([KEY], { n: 1 }), countTo(1));
    await execute(store, wish(), countTo(2));

    expect(nothing).toMatchObject({ result: { n: 1 }, repeated: true });
    expect(await execute(store, wish([KEY], { n: 2 }), countTo(3))).toMatchObject({
      result: { n: 1 },
      repeated: true,
    });
    expect(await store.head()).toBe(2n);
  });

  it('under the key of another command is refused', async () => {
    await execute(store, wish([KEY]), countTo(1));

    await expect(
      execute(store, wish([{ ...KEY, hash: 'other' }]), countTo(2)),
    ).rejects.toMatchObject({ code: 'request.key_reused' });
  });

  it.each([
    ['something it needs is away', unavailable('database.unavailable', 'Away.')],
    ['something went wrong', new Error('Wrong.')],
  ])('is not answered from memory when %s', async (_what, failure) => {
    await execute(store, wish([KEY]), countTo(1));

    await expect(execute(store, wish([KEY]), () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
