import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apply } from '../../../src/event-store/applying.js';
import { enrol } from '../../../src/event-store/checkpoints.js';
import { EventCatalog, Followers, Rebuilds } from '../../../src/event-store/index.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import { type ProjectionFollower } from '../../../src/event-store/projection-follower.js';
import { Catching } from '../../../src/event-store/rebuild/catching-up.js';
import { ErasedVersions } from '../../../src/event-store/rebuild/erased-versions.js';
import { RebuildWorker } from '../../../src/event-store/rebuild/rebuild-worker.js';
import { ownCaller } from '../../../src/kernel/index.js';
import { taskEvents } from '../../../src/tasks/domain/task.events.js';
import { tasksProjection } from '../../../src/tasks/read-model/tasks.projection.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

const AT = '2026-01-31T12:00:00.000Z';
/** More than the first two pages. */
const TASKS = 3_500;

/** A rebuild whose steps are taken by hand: nobody else follows the log. */
describe('A rebuild that has read a page ahead', () => {
  let opened: OpenDatabase;
  let followers: Followers;
  let rebuilds: Rebuilds;
  let catalog: EventCatalog;
  let store: PostgresEventStore;
  let follower: ProjectionFollower;

  beforeAll(async () => {
    opened = await openDatabase();
    const { database } = opened;
    catalog = new EventCatalog();
    catalog.add(taskEvents);
    store = new PostgresEventStore(database, catalog);
    followers = new Followers(database, store, catalog);
    followers.project(tasksProjection);
    rebuilds = new Rebuilds(database, followers, new RebuildWorker(database, followers, catalog));
    const found = followers.projection('tasks');
    if (!found) throw new Error('Nobody makes the rows of tasks.');
    follower = found;
    await database.as('omoi_projector', (sql) => enrol(sql, follower));
    for (let n = 0; n < TASKS; n += 500) await store.append(registered(n, 500));
    while ((await follower.step()).applied > 0);
  });
  afterAll(() => opened.close());

  const registered = (
    from: number,
    count: number,
  ): Parameters<PostgresEventStore['append']>[0] => ({
    caller: ownCaller('ann'),
    writes: Array.from({ length: count }, (_, at) => {
      const id = `task-${String(from + at)}`;
      const data = { task_id: id, type: 'fix_bug', phase_id: 'PHASE_BACKLOG', at: AT };
      const event = {
        type: 'task.registered',
        data,
        text: { description: 'a secret', metadata: {} },
      };
      return { stream: `task-${id}`, expected: 0, events: [event] };
    }),
    keys: [],
    result: {},
    causationId: null,
  });

  const built = async (): Promise<object[]> =>
    opened.database.as('omoi_owner', (sql) =>
      sql.query(
        `select task.description, count(*)::int as tasks from es_building.tasks as task group by 1`,
      ),
    );

  it('throws it away when what stands in it is erased meanwhile', async () => {
    const id = await rebuilds.start('tasks', false);
    const before = await rebuilds.find(id);
    const { database } = opened;
    const [mine, late] = [new Catching(database, catalog), new Catching(database, catalog)];
    expect(await late.readOn(before, follower, apply)).toMatchObject({ applied: 1_000 });
    await database.as('omoi_owner', (sql) => sql.query('delete from es.text'));
    // Whatever event says so; the one at whose position texts went.
    await store.append(registered(TASKS, 1));
    await new ErasedVersions(database, followers).forget(await store.head());

    expect(await built()).toEqual([]);
    // Somebody else comes to where the page that was read ahead begins.
    expect(await mine.readOn(await rebuilds.find(id), follower, apply)).toMatchObject({
      applied: 1_000,
    });
    for (;;) {
      const read = await late.readOn(await rebuilds.find(id), follower, apply);
      if (read?.isCaughtUp) break;
    }
    expect(await built()).toEqual([{ description: null, tasks: TASKS }]);
  });
});
