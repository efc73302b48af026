import { conflict, SystemClock, type Caller, type DomainError } from '#kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventCatalog } from './event-catalog.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { idUnderKey, once } from './once.js';

const caller = (hash: string, name = 'http:a'): Caller => ({
  namespace: 'default',
  requestId: 'r-1',
  actor: null,
  traceparent: null,
  key: { name, hash, keptHours: 24 },
});

describe('What is done once', () => {
  let store: InMemoryEventStore;
  let done: number;

  beforeEach(() => {
    store = new InMemoryEventStore(new EventCatalog(), new SystemClock());
    done = 0;
  });

  /** Ends only when all who could begin meanwhile have begun. */
  const work = async (): Promise<{ nth: number }> => {
    done += 1;
    const nth = done;
    await new Promise(setImmediate);
    return { nth };
  };
  const asked = (...hashes: string[]): Promise<PromiseSettledResult<object>[]> =>
    Promise.allSettled(hashes.map((hash) => once(store, caller(hash), work)));

  it('is done once for all who ask at once under one key', async () => {
    const answers = await asked('h', 'h', 'h');

    expect(done).toBe(1);
    expect(answers).toEqual(
      [false, true, true].map((repeated) => ({
        status: 'fulfilled',
        value: { body: { nth: 1 }, repeated },
      })),
    );
  });

  it('is refused to who asks for something else at once under the same key', async () => {
    const [, other] = await asked('h', 'another');

    expect(done).toBe(1);
    expect(((other as PromiseRejectedResult).reason as DomainError).code).toBe(
      'request.key_reused',
    );
  });

  it('is tried by the next when the first was refused', async () => {
    const refused = once(store, caller('h'), () => Promise.reject(conflict('test.no', 'No.')));
    const next = once(store, caller('h'), work);

    await expect(refused).rejects.toMatchObject({ code: 'test.no' });
    expect(await next).toEqual({ body: { nth: 1 }, repeated: false });
  });

  it('is done for each at once under keys of their own', async () => {
    await Promise.all(['http:a', 'http:b'].map((name) => once(store, caller('h', name), work)));

    expect(done).toBe(2);
  });
});

describe('An id under a key', () => {
  const at = (time: string, key = caller('h')): string => idUnderKey('thing', key, new Date(time));

  it('is the same for the same wish, and another for another', () => {
    const id = at('2026-01-01T10:00:00Z');

    expect(at('2026-01-01T10:00:01Z')).toBe(id);
    expect(at('2026-01-01T10:00:00Z', caller('another'))).not.toBe(id);
    expect(idUnderKey('another', caller('h'), new Date('2026-01-01T10:00:00Z'))).not.toBe(id);
  });

  it('is another when the key was forgotten', () => {
    expect(at('2026-01-02T10:00:01Z')).not.toBe(at('2026-01-01T10:00:00Z'));
  });

  it('is a new one each time without a key', () => {
    const none = { ...caller('h'), key: null };

    expect(at('2026-01-01T10:00:00Z', none)).not.toBe(at('2026-01-01T10:00:00Z', none));
  });
});
