import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/index.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('An admin', () => {
  let omoi: RunningApp;
  let admin: Agent;

  beforeAll(async () => {
    omoi = await startApp();
    admin = new Agent(omoi, 'default');
    for (const n of [1, 2, 3]) {
      await admin.remember(`Mended the login ${String(n)}`, {
        task_id: `task-${String(n)}`,
        task: { type: 'fix_bug', description: 'Mend the login' },
      });
    }
  });
  afterAll(() => omoi.stop());

  const projections = async (): Promise<Body[]> =>
    (await admin.get('/admin/projections')).body.items as Body[];

  const projection = async (name: string): Promise<Body> =>
    (await projections()).find((one) => one.name === name && one.status === 'active');

  const rebuild = async (name: string, body: unknown = {}): Promise<string> => {
    const { status, body: begun } = await admin.post(`/admin/projections/${name}/rebuild`, body);
    expect(status).toBe(202);

    return begun.rebuild_id as string;
  };

  const until = (id: string, status: string): Promise<Body> =>
    eventually(
      async () => (await admin.get(`/admin/rebuilds/${id}`)).body,
      (now) => now.status === status || now.status === 'failed',
    );

  describe('who looks at the projections', () => {
    it('sees who they are, how far they are, and that nothing is wrong', async () => {
      const all = await eventually(projections, (list) =>
        list.every(({ lag }) => (lag as number) === 0),
      );

      expect(all.map(({ name }) => name as string)).toEqual(
        expect.arrayContaining(['learner', 'phases', 'task-memories', 'when-task-finished']),
      );
      for (const one of all) {
        expect(one).toMatchObject({ status: 'active', error: null, rebuild_needed: false });
        expect(one.code_hash === null).toBe(one.kind === 'policy');
      }
    });

    it('is told when the code of one has changed since its rows were made', async () => {
      await omoi.app
        .get(Database)
        .as('omoi_owner', (sql) =>
          sql.query(`update es.projection set code_hash = 'of yesterday' where name = 'tasks'`),
        );
      expect(await projection('tasks')).toMatchObject({
        rebuild_needed: true,
        rebuild_reason: 'Its code has changed since its rows were made.',
      });

      await until(await rebuild('tasks'), 'swapped');
      expect(await projection('tasks')).toMatchObject({ rebuild_needed: false, version: 2 });
    });
  });

  describe('who rebuilds one', () => {
    it('sees how it goes on as Server-Sent Events, to the end', async () => {
      const id = await rebuild('task-memories');
      const { text, headers } = await admin.get(`/admin/rebuilds/${id}/events`);
      const events = text.trim().split('\n\n');
      const last = JSON.parse(events.at(-1)?.split('\ndata: ')[1] ?? '');

      expect(headers['content-type']).toMatch('text/event-stream');
      expect(events.at(-1)).toMatch(/^event: swapped\n/);
      expect(last).toMatchObject({ rebuild_id: id, status: 'swapped', percent: 100 });
      expect(last.diff).toEqual({ added: 0, removed: 0, changed: 0, patterns: [] });
    });

    it('can look at it first, and take it live or give it up', async () => {
      const id = await rebuild('learner', { swap: false });
      const ready = await until(id, 'ready');
      expect(ready).toMatchObject({ projection: 'learner', swap: false, eta_seconds: 0 });
      expect((await admin.post(`/admin/rebuilds/${id}/swap`, '')).body).toMatchObject({
        status: 'swapped',
      });

      const other = await rebuild('learner', { swap: false });
      const again = await admin.post('/admin/projections/learner/rebuild', {});
      expect([again.status, again.body.code]).toEqual([409, 'rebuild.running']);
      const { status, body } = await admin.post(`/admin/rebuilds/${other}/cancel`, '');
      expect([status, body.status]).toEqual([200, 'cancelled']);
      expect((await admin.post(`/admin/rebuilds/${other}/swap`, '')).body.code).toBe(
        'rebuild.over',
      );
    });

    it('takes the version back that lived before', async () => {
      const before = await projection('task-memories');
      const { status, body } = await admin.post('/admin/projections/task-memories/flip-back', '');
      expect(status).toBe(202);
      expect(await until(body.rebuild_id as string, 'swapped')).toMatchObject({
        kind: 'flip-back',
        status: 'swapped',
      });

      expect(await projection('task-memories')).toMatchObject({ version: before.version - 1 });
      expect(await admin.memories()).toHaveLength(3);
    });

    it('does it once under one key', async () => {
      const headers = { 'Idempotency-Key': 'rebuild-phases' };
      const first = await admin.post('/admin/projections/phases/rebuild', {}, headers);
      const second = await admin.post('/admin/projections/phases/rebuild', {}, headers);

      expect([first.status, second.status]).toEqual([202, 200]);
      expect(second.body).toEqual(first.body);
      await until(first.body.rebuild_id as string, 'swapped');
    });

    it.each([
      ['post', '/admin/projections/nobody/rebuild', 404, 'projection.unknown'],
      ['post', '/admin/projections/when-task-finished/rebuild', 409, 'projection.is_policy'],
      ['post', '/admin/projections/memory-usage/flip-back', 409, 'projection.nothing_to_flip_back'],
      ['post', '/admin/projections/nobody/flip-back', 404, 'projection.unknown'],
      ['post', `/admin/rebuilds/${NOBODY}/swap`, 404, 'rebuild.unknown'],
      ['post', `/admin/rebuilds/${NOBODY}/cancel`, 404, 'rebuild.unknown'],
      ['get', `/admin/rebuilds/${NOBODY}`, 404, 'rebuild.unknown'],
      ['get', `/admin/rebuilds/${NOBODY}/events`, 404, 'rebuild.unknown'],
      ['post', `/admin/dead-letters/${NOBODY}/retry`, 404, 'dead_letter.unknown'],
      ['post', `/admin/dead-letters/${NOBODY}/discard`, 404, 'dead_letter.unknown'],
    ] as const)('is told what is not there: %s %s', async (method, path, status, code) => {
      const answer = method === 'get' ? await admin.get(path) : await admin.post(path, '');

      expect([answer.status, answer.body.code]).toEqual([status, code]);
    });

    it.each([
      ['/admin/rebuilds/x', undefined, 'rebuild_id'],
      ['/admin/projections/tasks/rebuild', { swap: 1 }, 'swap'],
      ['/admin/projections/tasks/rebuild', { swapp: true }, 'swapp'],
      ['/admin/events?after=yesterday', undefined, 'after'],
      ['/admin/events?limit=101', undefined, 'limit'],
      ['/admin/events?cursor=x', undefined, 'cursor'],
      ['/admin/dead-letters?cursor=x', undefined, 'cursor'],
    ])('is told what does not fit: %s %j', async (path, body, field) => {
      const answer = body === undefined ? await admin.get(path) : await admin.post(path, body);

      expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
    });
  });

  describe('who looks into the log', () => {
    const events = async (query: string): Promise<Body[]> =>
      (await admin.get(`/admin/events${query}`)).body.items as Body[];

    it('finds events by stream, type, position and time', async () => {
      const all = await events('?limit=100');
      expect(all.map(({ position }) => position as number)).toEqual(
        all.map(({ position }) => position as number).sort((a, b) => a - b),
      );
      const stored = await events('?type=memory.execution_stored');
      expect(stored.map(({ text }) => text.execution_summary as string)).toEqual([
        'Mended the login 1',
        'Mended the login 2',
        'Mended the login 3',
      ]);
      const [first, second] = stored;
      expect(await events(`?stream=${String(first?.stream)}`)).toEqual([first]);
      expect((await events(`?after=${String(first?.position)}&limit=100`))[0]?.position).toBe(
        (first?.position as number) + 1,
      );
      const later = await events(`?after=${String(first?.recorded_at)}&limit=100`);
      expect(later.map(({ event_id }) => event_id as string)).toContain(second?.event_id);
      expect(later.map(({ event_id }) => event_id as string)).not.toContain(first?.event_id);
      expect(await events('?after=2100-01-01T00:00:00Z')).toEqual([]);
    });

    it('finds what belongs to the service and no tenant in a log of its own', async () => {
      const { body } = await admin.get('/admin/service-events?type=phase.defined&limit=100');

      expect(body.items).toHaveLength(8);
      expect(await events('?type=phase.defined')).toEqual([]);
    });

    it('page by page, and no other tenant’s', async () => {
      const found: Body[] = [];
      for (let cursor = ''; ;) {
        const { body } = await admin.get(`/admin/events?limit=2${cursor}`);
        found.push(...(body.items as Body[]));
        if (body.next_cursor === null) break;
        cursor = `&cursor=${String(body.next_cursor)}`;
      }
      expect(found).toEqual(await events('?limit=100'));

      const other = await new Agent(omoi, 'other').get('/admin/events');
      expect(other.body).toEqual({ items: [], next_cursor: null });
    });
  });

  it('who asks the doctor gets versions, rights, followers and advice', async () => {
    const { body } = await admin.get('/admin/doctor');
    const names = (body.checks as Body[]).map(({ name }) => name as string);

    expect(names).toEqual(
      expect.arrayContaining(['versions', 'durability', 'roles', 'isolation', 'learner']),
    );
    expect((body.checks as Body[]).filter(({ status }) => status === 'fail')).toEqual([]);
    expect(JSON.stringify(body)).toContain('The five roles can be taken on');
    expect(JSON.stringify(body)).not.toMatch(/password|postgresql:\/\//i);
  });
});

describe('An event that cannot be applied', () => {
  let omoi: RunningApp;
  let admin: Agent;
  let database: Database;

  beforeAll(async () => {
    omoi = await startApp();
    database = omoi.app.get(Database);
    admin = new Agent(omoi, 'default');
    await database.as('omoi_owner', (sql) =>
      sql.query(
        `alter table task_memories add constraint poison check (task_id not like 'poison%')`,
      ),
    );
  });
  afterAll(() => omoi.stop());

  const letters = async (): Promise<Body[]> =>
    (await admin.get('/admin/dead-letters')).body.items as Body[];

  it('is set aside, and everything else goes on; retried when it can be, it is there', async () => {
    const poison = await admin.remember('Too much', { task_id: 'poison' });
    const other = await admin.remember('Just right', { task_id: 'fine' });

    const [letter] = await eventually(letters, (all) => all.length > 0);
    expect(letter).toMatchObject({
      projection: 'task-memories',
      type: 'memory.execution_stored',
      namespace: 'default',
      attempts: 1,
    });
    expect(letter.error).toMatch('poison');
    expect(await admin.memory(other)).toMatchObject({ execution_summary: 'Just right' });
    expect((await admin.get(`/memory/executions/${poison}`)).status).toBe(404);
    expect((await omoi.ask('get', '/health/ready')).status).toBe(200);
    const all = (await admin.get('/admin/projections')).body.items as Body[];
    expect(all.find(({ name }) => name === 'task-memories')).toMatchObject({
      dead_letters: 1,
      rebuild_needed: true,
      rebuild_reason: 'Events were set aside and are missing.',
    });

    const again = await admin.post(`/admin/dead-letters/${String(letter.id)}/retry`, '');
    expect([again.status, again.body.code]).toEqual([409, 'dead_letter.failed_again']);
    expect((await letters())[0]).toMatchObject({ attempts: 2 });

    await database.as('omoi_owner', (sql) =>
      sql.query('alter table task_memories drop constraint poison'),
    );
    const mended = await admin.post(`/admin/dead-letters/${String(letter.id)}/retry`, '');
    expect(mended.body).toEqual({ id: letter.id, status: 'applied' });
    expect(await letters()).toEqual([]);
    expect(await admin.memory(poison)).toMatchObject({ execution_summary: 'Too much' });
  });

  it('can be done without', async () => {
    await database.as('omoi_owner', (sql) =>
      sql.query(`alter table task_memories add constraint poison check (task_id <> 'poison-2')`),
    );
    await admin.remember('Too much again', { task_id: 'poison-2' });
    const [letter] = await eventually(letters, (all) => all.length > 0);
    const { body } = await admin.post(`/admin/dead-letters/${String(letter.id)}/discard`, '');

    expect(body).toEqual({ id: letter.id, status: 'discarded' });
    expect(await letters()).toEqual([]);
  });

  it('is not to blame when nothing can be applied: then it stands still, and says why', async () => {
    await database.as('omoi_owner', (sql) => sql.query('alter table tasks rename to gone'));
    const executions = Array.from({ length: 12 }, (_, n) => ({
      task_id: `late-${String(n)}`,
      task: { type: 'late' },
      execution_summary: 'Late',
      success: true,
    }));
    await admin.post('/memory/store/batch', { executions });
    const ready = await eventually(
      () => omoi.ask('get', '/health/ready'),
      ({ status }) => status === 503,
    );
    expect(ready.body.errors).toEqual([
      { field: 'tasks', message: 'stands still: the database refused it (42P01)' },
    ]);
    const all = (await admin.get('/admin/projections')).body.items as Body[];
    expect(all.find(({ name }) => name === 'tasks')).toMatchObject({
      error: 'relation "tasks" does not exist',
    });

    await database.as('omoi_owner', (sql) => sql.query('alter table gone rename to tasks'));
    await eventually(
      () => omoi.ask('get', '/health/ready'),
      ({ status }) => status === 200,
    );
  });
});
