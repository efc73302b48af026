import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '../../../src/database/index.js';
import { newId } from '../../../src/kernel/index.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { AllTables } from './all-tables.js';
import { Anybody, anything, type Asked } from './anybody.js';

/** More by hand: `REPLAY_RUNS=100`. */
const RUNS = Number(process.env.REPLAY_RUNS ?? 4);

/** Bursts of what is asked at the same time. */
const story = fc.array(fc.array(anything, { minLength: 1, maxLength: 3 }), {
  minLength: 15,
  maxLength: 30,
});

describe('Whatever is asked of the service', () => {
  let omoi: RunningApp;
  let tables: AllTables;
  let marks = 0;
  const people: Anybody[] = [];

  beforeAll(async () => {
    omoi = await startApp();
    tables = new AllTables(omoi, omoi.app.get(Database));
  });
  afterAll(() => omoi.stop());

  const newMark = (): string => {
    marks += 1;
    return `mark${String(marks)}x`;
  };

  const live = async (bursts: readonly (readonly Asked[])[]): Promise<void> => {
    const both = [newId(), newId()].map((namespace) => new Anybody(omoi, namespace, newMark));
    people.push(...both);
    for (const one of both) await one.begin();
    for (const burst of bursts) {
      await Promise.all(burst.map(async (asked) => both[asked.namespace]?.ask(asked)));
    }
    for (const one of both) await isCounted(one);
    await tables.settled();
  };

  /** Waits until what was found again is counted, by events of its own. */
  const isCounted = ({ namespace, returned }: Anybody): Promise<unknown> =>
    eventually(
      () =>
        omoi.app.get(Database).as('omoi_projector', (sql) =>
          sql.query<{ times: number }>(
            `select coalesce(sum(memory.times::int), 0)::int as times
               from es.event as event
              cross join lateral jsonb_each_text(event.data -> 'memories') as memory(id, times)
              where event.namespace = $1 and event.type = 'memory.reused'`,
            [namespace],
          ),
        ),
      ([row]) => row?.times === returned,
    );

  const erased = async (): Promise<string[]> => {
    const rows = await omoi.app.get(Database).as('omoi_projector', (sql) =>
      sql.query<{ id: string }>(
        `select event.data->>'memory_id' as id from es.event as event
            where event.type = 'memory.erased'`,
      ),
    );

    return rows.flatMap(({ id }) => people.flatMap(({ marks: of }) => of.get(id) ?? []));
  };

  /** How what was taken back had been held against its type. */
  const measured = (): Promise<unknown[]> =>
    omoi.app.get(Database).as('omoi_projector', (sql) =>
      sql.query(
        `select distinct execution.is_faster from learner_executions as execution
          where execution.revoked_at is not null and execution.is_faster is not null
          order by 1`,
      ),
    );

  it(
    'reading the log again gives the same rows, and no word that was erased',
    async () => {
      let asked = 0;
      await fc.assert(
        fc.asyncProperty(story, async (bursts) => {
          await live(bursts);
          asked += bursts.flat().length;
          const before = await tables.bytes();
          const [vectors = ''] = tables.names().filter((name) => name.startsWith('memory-vectors'));

          await tables.readAgain([vectors]);
          expect(await tables.bytes()).toEqual(before);
          expect(await tables.rebuilt(vectors)).toMatchObject({ added: 0, removed: 0, changed: 0 });
          expect(await tables.bytes()).toEqual(before);

          const everything = await tables.everything();
          expect((await erased()).filter((mark) => everything.includes(mark))).toEqual([]);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect((await erased()).length).toBeGreaterThan(RUNS);
      expect(await measured()).toEqual([{ is_faster: false }, { is_faster: true }]);
      for (const name of tables.names()) {
        const diff = await tables.rebuilt(name);
        expect([name, diff]).toMatchObject([name, { added: 0, removed: 0, changed: 0 }]);
      }
      expect(asked).toBeGreaterThanOrEqual(15 * RUNS);
    },
    60_000 + RUNS * 60_000,
  );
});
