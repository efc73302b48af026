import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventBus } from '@nestjs/cqrs';
import { Database } from '../../../src/database/index.js';
import { Projections, Rebuilds } from '../../../src/event-store/index.js';
import { Notification } from '../../../src/kernel/index.js';
import { ExpiredNotifications } from '../../../src/relay/read-model/expired-notifications.js';
import { eventually } from '../../support/app.js';
import { LearnerTables } from '../patterns/learner-tables.js';
import { outboxOf, type OutboxRow } from './outbox-rows.js';
import { startRelay, type RelayHouse } from './relay-house.js';

const NAMESPACE = 'ann';
const SECRET_WORDS = 'what nobody outside may read';

describe('The outbox', () => {
  let house: RelayHouse;
  let database: Database;
  const published: Notification<object>[] = [];

  beforeAll(async () => {
    house = await startRelay();
    database = house.app.get(Database);
    house.app.get(EventBus).subscribe((event) => {
      if (event instanceof Notification) published.push(event as Notification<object>);
    });
    for (let n = 0; n < 8; n += 1) {
      await house.remember(NAMESPACE, `t-${String(n)}`, {
        execution_summary: SECRET_WORDS,
        auto_extract_patterns: true,
        agent_id: 'coder',
      });
    }
    await house.ask(NAMESPACE, 'GET', '/memory/patterns');
    await house.ask(NAMESPACE, 'GET', '/memory/tasks/t-1/context');
    await settled();
  });
  afterAll(() => house.stop());

  const execute = (statement: string, values: readonly unknown[] = []): Promise<object[]> =>
    database.as('omoi_owner', (sql) => sql.query(statement, values));
  const told = (): Promise<OutboxRow[]> => outboxOf(house, NAMESPACE);
  const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

  /** When everybody has read everything, and siblings have heard of it. */
  async function settled(): Promise<void> {
    const projections = house.app.get(Projections);
    await eventually(
      () => projections.list(),
      (all) => all.every(({ lag, status }) => lag === 0 || status !== 'active'),
    );
    await eventually(
      () =>
        execute(
          `select 1 from es.relay as relay, es.notification_head as head
            where relay.number = head.number`,
        ),
      (rows) => rows.length > 0,
    );
  }

  it('has what was told in the order in which it was published, without gaps or texts', async () => {
    const rows = await told();

    expect(idsOf(published)).toEqual(idsOf(rows));
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_row, n) => n + 1));
    expect(new Set(idsOf(rows)).size).toBe(rows.length);
    const types = new Set(rows.map(({ type }) => type));
    for (const type of ['memory.stored', 'memory.context.suggested', 'memory.pattern.matched']) {
      expect(types).toContain(type);
    }
    expect(types).toContain('memory.pattern.confidence_changed');
    expect(JSON.stringify(rows)).not.toContain(SECRET_WORDS);
    for (const { data } of rows) {
      for (const value of Object.values(data)) {
        expect(['boolean', 'number', 'string']).toContain(typeof value);
      }
    }
  });

  it('is written by one who is listed as a policy and never rebuilt', async () => {
    const all = await house.app.get(Projections).list();

    expect(all.find(({ name }) => name === 'notifications')).toMatchObject({
      kind: 'policy',
      rebuild_needed: false,
      code_hash: null,
    });
    await expect(house.app.get(Rebuilds).start('notifications', true)).rejects.toMatchObject({
      code: 'projection.is_policy',
    });
  });

  it('hears nothing of a rebuild, also when what was told is forgotten', async () => {
    const rebuilds = house.app.get(Rebuilds);
    const before = published.length;
    await execute('delete from es.notification');
    for (const name of ['learner', 'task-memories']) {
      const id = await rebuilds.start(name, true);
      await eventually(
        () => rebuilds.find(id),
        ({ ended_at }) => ended_at !== null,
      );
      expect(await rebuilds.find(id)).toMatchObject({ status: 'swapped' });
    }
    await house.remember('bob', 'after');
    await eventually(
      () => outboxOf(house, 'bob'),
      (rows) => rows.length > 0,
    );

    expect(await told()).toEqual([]);
    expect(published.slice(before).every(({ namespace }) => namespace === 'bob')).toBe(true);
  });

  it('hears nothing when everything is wiped and read again', async () => {
    await new LearnerTables(database, NAMESPACE).wipe();
    await execute(`update es.projection set checkpoint = 0 where name = 'notifications'`);
    await house.remember('bob', 'after-the-wipe', { auto_extract_patterns: true });
    await settled();
    const tasks = (await outboxOf(house, 'bob')).map(({ data }) => data.task_id);

    expect(await told()).toEqual([]);
    expect(tasks.filter((task) => task !== undefined)).toEqual(['after', 'after-the-wipe']);
  });

  it('gets the same ids when somebody tells it again all the same', async () => {
    const again = async (): Promise<OutboxRow[]> => {
      await execute('delete from es.notification');
      // First that they never read it: whoever sees an empty table reads at once.
      await execute('update es.projection set furthest = 0');
      await new LearnerTables(database, NAMESPACE).wipe();
      await execute(`update es.projection set checkpoint = 0 where name = 'notifications'`);
      await settled();
      return told();
    };
    const [first, second] = [await again(), await again()];
    const byId = (rows: readonly OutboxRow[]): unknown[] =>
      rows
        .map(({ id, type, position, data }) => ({ id, type, position, data }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));

    expect(first.length).toBeGreaterThan(10);
    expect(byId(second)).toEqual(byId(first));
    const originally = published.filter(({ namespace }) => namespace === NAMESPACE);
    expect(new Set(idsOf(originally))).toEqual(new Set(idsOf(first)));
  });

  it('is swept of what everybody has passed and nobody can come back for', async () => {
    const days = (count: number): Promise<object[]> =>
      execute(
        `update es.notification set put_at = clock_timestamp() - $1 * interval '1 day'
          where namespace = $2`,
        [count, NAMESPACE],
      );
    const sweep = async (): Promise<number> => {
      await house.app.get(ExpiredNotifications, { strict: false }).sweep();
      return (await told()).length;
    };
    const all = (await told()).length;
    const foreign = (await outboxOf(house, 'bob')).length;
    await days(6.9);
    expect(await sweep()).toBe(all);

    await execute(
      `insert into es.webhook (namespace, id, url, secret, created_at, number, due_at)
       select $1, gen_random_uuid(), 'http://127.0.0.1:1', 'x', now(), min(notice.number) + 2,
              'infinity' from es.notification as notice where notice.namespace = $1`,
      [NAMESPACE],
    );
    await days(7.1);
    const left = await sweep();
    expect(left).toBeLessThan(all);
    expect(left).toBeGreaterThan(0);

    await days(30.1);
    expect(await sweep()).toBe(0);
    expect(await outboxOf(house, 'bob')).toHaveLength(foreign);
  });
});
