import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepareIndexBuilding, type Sql } from '../../../src/database/index.js';
import { newId } from '../../../src/kernel/index.js';
import { TaskEntity } from '../../../src/tasks/read-model/tasks.entity.js';
import { startApp } from '../../support/app.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

/** What the rest of the house stands on: if this fails, nothing else has to be looked at. */
describe('The foundation', () => {
  let opened: OpenDatabase;

  beforeAll(async () => {
    opened = await openDatabase();
    await opened.database.as('omoi_projector', async (sql) => {
      for (const namespace of ['ann', 'bob']) {
        await sql.query(
          `insert into tasks (namespace, id, type, phase_id, status, metadata, created_at)
           values ($1, $2, 'demo', 'PHASE_BACKLOG', 'open', '{}', now())`,
          [namespace, `of-${namespace}`],
        );
      }
    });
  });
  afterAll(() => opened.close());

  const asTenant = (namespace?: string): OpenDatabase['orm']['em'] => {
    const em = opened.orm.em.fork();
    em.setSessionContext({
      role: 'omoi_app',
      variables: namespace === undefined ? {} : { 'omoi.namespace': namespace },
    });
    return em;
  };

  it('shows MikroORM the rows of one tenant, and none without one', async () => {
    const names = async (namespace?: string): Promise<string[]> =>
      (await asTenant(namespace).find(TaskEntity, {})).map(({ id }) => id);

    expect(await names('ann')).toEqual(['of-ann']);
    expect(await names('bob')).toEqual(['of-bob']);
    expect(await names()).toEqual([]);
  });

  it('shows kysely the same, inside a transaction', async () => {
    const rows = await asTenant('bob').transactional((em) =>
      em
        .getKysely<{ tasks: { namespace: string; id: string } }>()
        .selectFrom('tasks')
        .selectAll()
        .execute(),
    );

    expect(rows).toMatchObject([{ namespace: 'bob', id: 'of-bob' }]);
  });

  it('says what was wrong at the beginning of a transaction, whatever is done in it meanwhile', async () => {
    const nobody = 'omoi_nobody' as 'omoi_owner';
    const unhandled: unknown[] = [];
    const note = (error: unknown): number => unhandled.push(error);
    process.on('unhandledRejection', note);
    const idle = opened.database.as(nobody, () => sleep(50));
    await expect(idle).rejects.toThrow('omoi_nobody');
    const busy = opened.database.as(nobody, (sql) => sql.query('select current_user'));
    await expect(busy).rejects.toThrow('omoi_nobody');
    process.off('unhandledRejection', note);

    expect(unhandled).toEqual([]);
  });

  it('lets a request write nothing and make nothing', async () => {
    for (const statement of [
      "update tasks set status = 'completed'",
      'delete from es.event',
      'create table mine (n int)',
      "select es.append('[]', '[]', '[]')",
      "select es.try_to_append('[]', '[]', '[]')",
    ]) {
      const tried = opened.database.within('ann', (sql) => sql.query(statement));
      await expect(tried).rejects.toThrow('permission denied');
    }
  });

  it('lets the log be written and never rewritten', async () => {
    for (const statement of ["update es.event set type = 'x'", 'delete from es.text']) {
      const tried = opened.database.as('omoi_log', (sql) => sql.query(statement));
      await expect(tried).rejects.toThrow('permission denied');
    }
  });

  it('swaps a table for another by renaming it, and keeps its tenants apart', async () => {
    await opened.database.as('omoi_owner', async (sql) => {
      await sql.query('create table tasks_next (like tasks including all)');
      await sql.query('alter table tasks_next enable row level security');
      await sql.query('alter table tasks_next force row level security');
      await sql.query(`create policy tenant on tasks_next to omoi_app
                         using (namespace = current_setting('omoi.namespace', true))`);
      await sql.query('create policy owner on tasks_next to omoi_owner using (true)');
      await sql.query('grant select on tasks_next to omoi_app');
      await sql.query("insert into tasks_next select * from tasks where namespace = 'ann'");
      await sql.query('alter table tasks rename to tasks_before');
      await sql.query('alter table tasks_next rename to tasks');
    });
    const count = async (namespace: string): Promise<number> =>
      (await opened.database.within(namespace, (sql) => sql.query('select 1 from tasks'))).length;

    expect(await count('ann')).toBe(1);
    expect(await count('bob')).toBe(0);
    await opened.database.as('omoi_owner', async (sql) => {
      await sql.query('drop table tasks');
      await sql.query('alter table tasks_before rename to tasks');
    });
    expect(await count('bob')).toBe(1);
  });

  it('builds indexes with room and alone, for the length of one transaction', async () => {
    const settings = (sql: Sql): Promise<object[]> =>
      sql.query(
        `select current_setting('maintenance_work_mem') as room,
                current_setting('max_parallel_maintenance_workers') as helpers`,
      );
    const before = await opened.database.as('omoi_owner', settings);
    const [less, more] = await Promise.all(
      ['1MB', '1800MB'].map((room) =>
        opened.database.as('omoi_owner', async (sql) => {
          await sql.query(`set local maintenance_work_mem = '${room}'`);
          await prepareIndexBuilding(sql);
          return settings(sql);
        }),
      ),
    );

    expect(less).toEqual([{ room: '1536MB', helpers: '0' }]);
    expect(more).toEqual([{ room: '1800MB', helpers: '0' }]);
    expect(await opened.database.as('omoi_owner', settings)).toEqual(before);
  });

  it('serves 20 clients at once without mixing up their answers', async () => {
    const omoi = await startApp();
    try {
      await Promise.all(
        Array.from({ length: 20 }, async (_, client) => {
          const headers = { 'X-Namespace': `client-${String(client)}` };
          for (let round = 0; round < 5; round += 1) {
            const id = `${String(client)}-${String(round)}-${newId()}`;
            const body = { id, type: 'demo', description: 'd'.repeat(1_000) };
            const made = await omoi.ask('post', '/api/v1/tasks', { body, headers });
            expect(made.status).toBe(201);
            const found = await omoi.ask('get', `/api/v1/tasks/${id}`, { headers });
            expect(found.body).toMatchObject({ id, description: body.description });
          }
          const all = await omoi.ask('get', '/api/v1/tasks', { headers });
          expect(all.body.items).toHaveLength(5);
        }),
      );
    } finally {
      await omoi.stop();
    }
  });

  it('runs on what it says it runs on', async () => {
    const [row] = await opened.database.within('ann', (sql) =>
      sql.query<{ version: string; vector: string }>(
        `select version(), (select extversion from pg_extension where extname = 'vector') as vector`,
      ),
    );

    expect(row?.version).toMatch(/^PostgreSQL 1[5-9]/);
    expect(row?.vector).toMatch(/^0\.[89]/);
    expect(/emscripten|wasm/.test(row?.version ?? '')).toBe(!isServer);
  });
});
