import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpiredKeys } from '../../../src/event-store/expired-keys.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import {
  appending,
  keepsThePromisesOfALog,
  key,
  noted,
  testCatalog,
} from '../../contract/event-store.contract.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

keepsThePromisesOfALog(async () => {
  const opened = await openDatabase();

  return [new PostgresEventStore(opened.database, testCatalog()), () => opened.close()];
});

describe('The log in Postgres', () => {
  let opened: OpenDatabase;
  let store: PostgresEventStore;

  beforeAll(async () => {
    opened = await openDatabase();
    store = new PostgresEventStore(opened.database, testCatalog());
  });
  afterAll(() => opened.close());

  it('shows a tailing reader no gap, no double and no inversion while 32 write and some abort', async () => {
    const seen: bigint[] = [];
    let refused = 0;
    const written = { all: false };
    const reader = (async () => {
      for (let done = false; !done;) {
        done = written.all;
        const events = await store.readAll(seen.at(-1) ?? 0n, 100);
        seen.push(...events.map(({ position }) => position));
        if (events.length > 0) done = false;
      }
    })();
    await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        for (let round = 0; round < 15; round += 1) {
          const stream = `test-${round % 7 === 0 ? 'shared' : String(writer)}` as const;
          const events = Array.from({ length: 1 + (round % 3) }, (_unused, n) => noted(n));
          // One in three expects a version that never was; another one in three the database itself
          // refuses, which aborts the transaction of everybody it shares it with.
          const expected = round % 3 === 1 ? 1_000_000 : 'any';
          if (round % 3 === 2) events.push(noted(0, 'NUL \u0000'));
          await store.append(appending(stream, events, { expected })).catch(() => (refused += 1));
        }
      }),
    );
    written.all = true;
    await reader;

    expect(refused).toBe(32 * 10);
    expect(seen).toEqual(seen.map((_position, index) => BigInt(index + 1)));
    expect(BigInt(seen.length)).toBe(await store.head());
  });

  it('writes a group beside one that the database itself refuses', async () => {
    const fine = store.append(appending('test-fine', [noted(1)]));
    const unstorable = store.append(appending('test-bad', [noted(1, 'a lone \u0000 NUL')]));
    const alsoFine = store.append(appending('test-fine', [noted(2)]));

    await expect(unstorable).rejects.toThrow();
    await expect(Promise.all([fine, alsoFine])).resolves.toHaveLength(2);
    expect(await store.read('default', 'test-fine')).toHaveLength(2);
    expect(await store.read('default', 'test-bad')).toEqual([]);
  });

  it('takes a key anew when its time is over', async () => {
    const short = { ...key('http:short'), keptHours: -1 };
    await store.append(appending('test-short', [noted(1)], { keys: [short], result: { n: 1 } }));
    const again = await store.append(
      appending('test-short', [noted(2)], { keys: [short], result: { n: 2 } }),
    );

    expect(again).toMatchObject({ repeated: false, result: { n: 2 } });
  });

  it('sweeps out keys whose time is over, and no others', async () => {
    const keys = [key('http:kept'), { ...key('http:over'), keptHours: -1 }];
    await store.append(appending('test-swept', [noted(1)], { keys }));
    await new ExpiredKeys(opened.database).sweep();
    const left = await opened.database.within('default', (sql) =>
      sql.query<{ key: string }>(
        `select key from es.command where key in ('http:kept', 'http:over')`,
      ),
    );

    expect(left).toEqual([{ key: 'http:kept' }]);
  });

  it('agrees with another process about keys and versions', async () => {
    const other = new PostgresEventStore(opened.database, testCatalog());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? other : store).append(
          appending('test-twice', [noted(n)], { keys: [key('http:two')], result: { n } }),
        ),
      ),
    );

    expect(new Set(answers.map(({ result }) => result.n)).size).toBe(1);
    expect(await store.read('default', 'test-twice')).toHaveLength(1);
  });
});
