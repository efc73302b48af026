import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { Database } from '../../../src/database/index.js';
import { EventStore, Projections, Rebuilds, type Rebuild } from '../../../src/event-store/index.js';
import { ErasedVersions } from '../../../src/event-store/rebuild/erased-versions.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';
import { suggestions } from '../../../src/patterns/read-model/suggestions.projection.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';

const VECTORS = 'memory-vectors-all_minilm_l6_v2_q8';
const NAMES = [
  'phases',
  'tasks',
  'task-memories',
  'memory-usage',
  'memory-keywords',
  VECTORS,
  'learner',
  'pattern-descriptions',
  'suggestions',
];
const TABLES = [
  'phases',
  'tasks',
  'task_memories',
  'memory_usage',
  'memory_keywords',
  'keyword_frequencies',
  'memory_embedding_all_minilm_l6_v2_q8',
  'embedding_pending_all_minilm_l6_v2_q8',
  ...learnerProjection.tables,
  'pattern_descriptions',
  ...suggestions.tables,
];

describe('A rebuild', () => {
  let omoi: RunningApp;
  let database: Database;
  let rebuilds: Rebuilds;
  let agent: Agent;
  /** How many memories it was given. */
  let returned = 0;

  beforeAll(async () => {
    omoi = await startApp();
    database = omoi.app.get(Database);
    rebuilds = omoi.app.get(Rebuilds);
    agent = new Agent(omoi, 'ann');
    for (let n = 0; n < 12; n += 1) {
      await agent.remember(`Mended the login, attempt ${String(n)}`, {
        task_id: `task-${String(n)}`,
        success: n % 3 > 0,
        error_patterns: n % 3 > 0 ? null : { error_type: 'Timeout', message: 'no answer' },
        agent_id: `agent-${String(n % 2)}`,
        tools: ['editor'],
        task: { type: 'fix_bug', description: 'Mend the login' },
      });
    }
    await agent.embedded();
    const { items } = (await agent.post('/memory/search', { task_description: 'login' })).body;
    returned += (items as unknown[]).length;
    await ask('first', { success: false, comment: 'It did not' });
    await agent.remember('Mended as advised', {
      task_id: 'first',
      suggestion_id: await ask('first'),
    });
    // What was returned is counted a little later, by an event of its own.
    await eventually(
      () =>
        database.as('omoi_projector', (sql) =>
          sql.query<{ times: number }>(
            'select sum(usage.reused_count)::int as times from memory_usage as usage',
          ),
        ),
      ([row]) => row?.times === returned,
    );
    const projections = omoi.app.get(Projections);
    await eventually(
      () => projections.list(),
      (all) =>
        all.every(({ lag }) => lag === 0) && all.some(({ checkpoint }) => checkpoint >= 8 + 24 + 1),
    );
  });
  afterAll(() => omoi.stop());

  /** Gives the suggestion for a task. */
  const ask = async (id: string, outcome: object | null = null): Promise<string> => {
    await agent.post('/tasks', { id, type: 'fix_bug', description: 'Mend the login' });
    const { suggestion_id, similar_tasks } = (await agent.get(`/memory/tasks/${id}/context`)).body;
    returned += (similar_tasks as unknown[]).length;
    if (outcome) await agent.post(`/memory/suggestions/${suggestion_id}/outcome`, outcome);

    return suggestion_id as string;
  };

  const bytes = async (): Promise<Map<string, string[]>> => {
    const found = new Map<string, string[]>();
    for (const table of TABLES) {
      const rows = await database.as('omoi_projector', (sql) =>
        sql.query<{ row: string }>(`select t::text as row from ${table} as t order by 1`),
      );
      found.set(
        table,
        rows.map(({ row }) => row),
      );
    }
    return found;
  };

  /** What a table is besides its rows. */
  const shapes = (): Promise<object[]> =>
    database.as('omoi_owner', (sql) =>
      sql.query(
        `select class.relname, class.reloptions, class.relrowsecurity, class.relforcerowsecurity,
                class.relacl::text as rights, pg_get_userbyid(class.relowner) as owner,
                (select jsonb_agg(to_jsonb(p) order by p.policyname)
                   from pg_policies as p
                  where p.schemaname = 'public' and p.tablename = class.relname) as policies,
                (select jsonb_agg(i.indexdef order by i.indexname)
                   from pg_indexes as i
                  where i.schemaname = 'public' and i.tablename = class.relname) as indexes
           from pg_class as class
          where class.relnamespace = 'public'::regnamespace and class.relname = any($1)
          order by class.relname`,
        [TABLES],
      ),
    );

  const until = (id: string, status: Rebuild['status']): Promise<Rebuild> =>
    eventually(
      () => rebuilds.find(id),
      (rebuild) => rebuild.status === status || rebuild.status === 'failed',
    );

  const versionOf = async (name: string): Promise<number | undefined> =>
    (await omoi.app.get(Projections).list()).find(
      (one) => one.name === name && one.status === 'active',
    )?.version;

  it.each(NAMES)(
    'of %s makes the same rows in tables that are the same in all else',
    async (name) => {
      const [rows, tables, version] = [await bytes(), await shapes(), await versionOf(name)];
      const rebuild = await until(await rebuilds.start(name, true), 'swapped');

      expect(rebuild).toMatchObject({ status: 'swapped', error: null });
      expect(rebuild.diff).toEqual({ added: 0, removed: 0, changed: 0, moved: [] });
      expect(rebuild.position).toBe(rebuild.target);
      expect(await bytes()).toEqual(rows);
      expect(await shapes()).toEqual(tables);
      expect(await versionOf(name)).toBe((version ?? 0) + 1);
      expect(await omoi.app.get(MikroORM).migrator.checkSchema()).toBe(false);
    },
  );

  it('shows what it changes before it goes live, and takes it back', async () => {
    const good = await bytes();
    const [first, second] = await database.as('omoi_projector', (sql) =>
      sql.query<{ id: string }>('select m.id from task_memories as m order by m.learned_at, m.id'),
    );
    await database.as('omoi_projector', async (sql) => {
      await sql.query('delete from task_memories as m where m.id = $1', [first?.id]);
      await sql.query('update task_memories as m set success = not success where m.id = $1', [
        second?.id,
      ]);
      await sql.query(
        `insert into task_memories
         select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).*
           from task_memories as m where m.id = $1`,
        [second?.id],
      );
    });
    const tampered = await bytes();

    const id = await rebuilds.start('task-memories', false);
    expect((await until(id, 'ready')).diff).toMatchObject({ added: 1, removed: 1, changed: 1 });
    expect(await bytes()).toEqual(tampered);
    await agent.remember('Stored while it waits', { task_id: 'task-late', task: { type: 'x' } });

    expect(await rebuilds.swap(id)).toMatchObject({ status: 'swapped' });
    const late = (await bytes()).get('task_memories') ?? [];
    expect(late).toHaveLength((good.get('task_memories') ?? []).length + 1);
    expect(late).toEqual(expect.arrayContaining(good.get('task_memories') ?? []));

    await until(await rebuilds.flipBack('task-memories'), 'swapped');
    const back = (await bytes()).get('task_memories') ?? [];
    expect(back).toEqual(expect.arrayContaining(tampered.get('task_memories') ?? []));
    expect(back).toHaveLength(late.length);
    await until(await rebuilds.start('task-memories', true), 'swapped');
    expect((await bytes()).get('task_memories')).toEqual(late);
  });

  it('takes the view of words along, back and forth', async () => {
    const seen = async (): Promise<number> => {
      const [row] = await database.within('ann', (sql) =>
        sql.query<{ count: number }>('select count(*)::int from es.searchable_keywords'),
      );
      return row?.count ?? 0;
    };
    const before = await seen();
    expect(before).toBeGreaterThan(0);
    const store = async (n: number): Promise<void> => {
      await agent.remember(`Stored after it was taken along, ${String(n)}`);
      await eventually(seen, (count) => count === before + n);
    };
    await until(await rebuilds.start('memory-keywords', true), 'swapped');
    await store(1);
    await until(await rebuilds.flipBack('memory-keywords'), 'swapped');
    await store(2);
    const [owner] = await database.as('omoi_owner', (sql) =>
      sql.query(`select viewowner from pg_views where viewname = 'searchable_keywords'`),
    );
    expect(owner).toEqual({ viewowner: 'omoi_search' });
  });

  it('can be given up, and begun again', async () => {
    const id = await rebuilds.start('tasks', false);
    await expect(rebuilds.start('tasks', false)).rejects.toMatchObject({ code: 'rebuild.running' });
    expect(await rebuilds.cancel(id)).toMatchObject({ status: 'cancelled' });
    await expect(rebuilds.cancel(id)).rejects.toMatchObject({ code: 'rebuild.over' });
    await expect(rebuilds.swap(id)).rejects.toMatchObject({ code: 'rebuild.over' });

    expect(await until(await rebuilds.start('tasks', true), 'swapped')).toMatchObject({
      status: 'swapped',
    });
  });

  it('begins again when something is erased that it may have read', async () => {
    const versions = omoi.app.get(ErasedVersions);
    const store = omoi.app.get(EventStore);
    await until(await rebuilds.start('tasks', true), 'swapped');
    const id = await rebuilds.start('tasks', false);
    const ready = await until(id, 'ready');
    await versions.forget(BigInt(ready.position));
    expect(await rebuilds.find(id)).toMatchObject({ status: 'ready' });
    await rebuilds.cancel(id);
    await until(await rebuilds.flipBack('tasks'), 'swapped');

    const open = await rebuilds.start('tasks', false);
    await until(open, 'ready');
    // As after an event that none of them has read: whatever is there may hold what was erased.
    const later = (await store.head()) + 1n;
    await versions.forget(later);
    expect((await until(open, 'ready')).diff).toMatchObject({ added: 0, removed: 0, changed: 0 });
    expect((await rebuilds.find(open)).forgotten_until).toBe(Number(later) - 1);
    await rebuilds.cancel(open);
    await expect(rebuilds.flipBack('tasks')).rejects.toMatchObject({
      code: 'projection.nothing_to_flip_back',
    });
  });

  it('that takes an old version back is given up then', async () => {
    const versions = omoi.app.get(ErasedVersions);
    const id = await rebuilds.start('tasks', false);
    await until(id, 'ready');
    await database.as('omoi_owner', (sql) =>
      sql.query(`update es.rebuild set kind = 'flip-back', forgotten_until = 0 where id = $1`, [
        id,
      ]),
    );
    await versions.forget((await omoi.app.get(EventStore).head()) + 1n);

    expect(await rebuilds.find(id)).toMatchObject({ status: 'cancelled' });
    expect((await omoi.app.get(Projections).list()).filter(({ name }) => name === 'tasks')).toEqual(
      [expect.objectContaining({ status: 'active' })],
    );
  });

  it('fails with a sentence when the living tables get other columns meanwhile', async () => {
    const id = await rebuilds.start('tasks', false);
    await until(id, 'ready');
    const alter = (what: string): Promise<unknown> =>
      database.as('omoi_owner', (sql) => sql.query(`alter table public.tasks ${what}`));
    await alter('add column later text');
    await rebuilds.swap(id);

    expect(await until(id, 'failed')).toMatchObject({
      status: 'failed',
      error: 'The living tables have other columns by now; begin again.',
    });
    expect(await until(await rebuilds.start('tasks', true), 'swapped')).toMatchObject({
      status: 'swapped',
    });
    await alter('drop column later');
  });

  it('is refused for what has no rows, or is not there', async () => {
    await expect(rebuilds.start('when-task-finished', true)).rejects.toMatchObject({
      code: 'projection.is_policy',
    });
    await expect(rebuilds.start('nobody', true)).rejects.toMatchObject({
      code: 'projection.unknown',
    });
    await expect(rebuilds.find('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'rebuild.unknown',
    });
  });

  it('tells nobody anything', async () => {
    const told = (): Promise<object[]> =>
      database.as('omoi_projector', (sql) =>
        sql.query('select n.* from es.notification as n order by n.id'),
      );
    await database.as('omoi_owner', (sql) => sql.query('delete from es.notification'));
    await until(await rebuilds.start('learner', true), 'swapped');

    expect(await told()).toEqual([]);
  });
});
