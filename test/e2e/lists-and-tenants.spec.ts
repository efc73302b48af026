import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const BATCH = '/memory/store/batch';
const run = (execution_summary: string, more: object = {}): Record<string, unknown> => ({
  task_id: 't',
  execution_summary,
  success: true,
  task: { type: 'implement_api' },
  ...more,
});

async function allPages(agent: Agent, path: string): Promise<{ sizes: number[]; items: Body[] }> {
  const sizes: number[] = [];
  const items: Body[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { body } = await agent.get(`${path}${next}`);
    sizes.push(body.items.length as number);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);

  return { sizes, items };
}

describe('The memories', () => {
  it('are listed page by page in a total order, none twice and none left out', async () => {
    const agent = agentIn('pages');
    const executions = Array.from({ length: 45 }, (_, at) => run(`Run ${String(at)}`));
    await agent.post(BATCH, { executions });
    const keyOf = ({ learned_at, memory_id }: Body): [number, string] => [
      -Date.parse(learned_at as string),
      memory_id as string,
    ];

    for (const path of ['/memory/executions?limit=20', '/tasks/t/memories?limit=20']) {
      const { sizes, items } = await allPages(agent, path);
      expect(sizes).toEqual([20, 20, 5]);
      expect(new Set(items.map(({ execution_summary }) => execution_summary)).size).toBe(45);
      const keys = items.map(keyOf);
      expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
    }
    expect((await agent.get('/memory/executions')).body.items).toHaveLength(20);
    expect((await allPages(agent, '/memory/executions?limit=45')).sizes).toEqual([45]);
    expect((await allPages(agent, '/memory/executions?limit=1')).sizes).toHaveLength(45);
  });

  it('stored while somebody pages do not disturb the pages', async () => {
    const agent = agentIn('meanwhile');
    await agent.post(BATCH, { executions: ['a', 'b', 'c', 'd'].map((name) => run(name)) });
    const first = await agent.get('/memory/executions?limit=2');
    await agent.remember('newer');
    const path = `/memory/executions?limit=2&cursor=${first.body.next_cursor as string}`;
    const second = await agent.get(path);
    const names = [...first.body.items, ...second.body.items].map((item) => item.execution_summary);

    expect(names.sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('A filter', () => {
  const full = {
    agent_id: 'Ann, "the" {coder}\\',
    phase_id: 'PHASE_DESIGN',
    tags: ['a,b', 'NULL', 'c'],
    tools: ['edit"or', '{x}'],
    occurred_at: '2026-01-10T12:00:00.000Z',
  };
  const others = [
    run('type', { ...full, task_id: 'u', task: { type: 'fix_bug' } }),
    run('agent', { ...full, agent_id: 'bob' }),
    run('phase', { ...full, phase_id: 'PHASE_DONE' }),
    run('tags', { ...full, tags: ['a,b'] }),
    run('tools', { ...full, tools: ['edit"or'] }),
    run('early', { ...full, occurred_at: '2026-01-09T12:00:00Z' }),
    run('late', { ...full, occurred_at: '2026-01-11T12:00:00Z' }),
    run('bare'),
  ];
  /** Each filter of a search, and what it leaves of the eight others. */
  const filters: [Record<string, string | string[]>, string[]][] = [
    [{ task_type: 'fix_bug' }, ['type']],
    [{ task_type: 'fix' }, []],
    [{ agent_id: 'bob' }, ['agent']],
    [{ agent_id: 'Bob' }, []],
    [{ phase_id: 'PHASE_DONE' }, ['phase']],
    [{ tags: ['NULL', 'a,b'] }, ['agent', 'early', 'full', 'late', 'phase', 'tools', 'type']],
    [{ tags: ['a'] }, []],
    [{ tools: ['{x}', 'edit"or'] }, ['agent', 'early', 'full', 'late', 'phase', 'tags', 'type']],
    [{ tags: ['c'], tools: ['{x}'], agent_id: 'bob' }, ['agent']],
    [{ occurred_from: '2026-01-11T12:00:00Z', agent_id: full.agent_id }, ['late']],
    [{ occurred_to: '2026-01-09T13:00:00+01:00' }, ['early']],
    [
      { occurred_from: full.occurred_at, occurred_to: full.occurred_at, phase_id: 'PHASE_DONE' },
      ['phase'],
    ],
  ];
  const agent = (): Agent => agentIn('filters');
  const names = (items: Body[]): string[] =>
    items.map((item) => (item.execution_summary ?? item.summary) as string).sort();

  beforeAll(async () => {
    // One task each, because a search gives one hit a task.
    const executions = [run('full', full), ...others].map((execution, at) => ({
      ...execution,
      task_id: `task-${String(at)}`,
    }));
    await agent().post(BATCH, { executions });
    await agent().embedded();
  });

  it.each(filters)('%j narrows the list', async (filter, left) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) {
      for (const each of [value].flat()) query.append(name, each);
    }

    expect(names(await agent().memories(`?${query.toString()}`))).toEqual(left);
  });

  it.each(filters)('%j narrows a search', async (narrow, left) => {
    const asked = { similarity_threshold: 0, top_k: 20, filters: narrow };

    expect(names((await agent().search('full', asked)).items)).toEqual(left);
  });

  it('of a task gives its memories', async () => {
    expect(names(await agent().memories('?task_id=task-0'))).toEqual(['full']);
    expect(names(await agent().memories('?task_id=task'))).toEqual([]);
  });
});

describe('A revoked memory', () => {
  const LOGIN = 'Implemented login with OAuth2 and JWT tokens';

  it('is in no list and no search, but readable by its id', async () => {
    const agent = agentIn('revoked');
    const id = await agent.remember(LOGIN, { task_id: 't' });
    const other = await agent.remember('Added a login page with tokens', { task_id: 't' });
    await agent.embedded();
    const revoked = await agent.post(`/memory/executions/${id}/revoke`, { reason: 'Wrong 💥' });
    expect([revoked.status, revoked.body]).toEqual([200, { memory_id: id, status: 'revoked' }]);

    const lists = [await agent.memories(), (await agent.get('/tasks/t/memories')).body.items];
    for (const items of lists) {
      expect((items as Body[]).map(({ memory_id }) => memory_id)).toEqual([other]);
    }
    const { items } = await agent.search(LOGIN, { similarity_threshold: 0 });
    expect(items.map((item: Body) => item.memory_id)).toEqual([other]);
    expect(await agent.memory(id)).toMatchObject({ status: 'revoked', execution_summary: LOGIN });
  });

  it('is found no more when it is revoked before it can be', async () => {
    const agent = agentIn('revoked-early');
    const id = await agent.remember(LOGIN);
    await agent.post(`/memory/executions/${id}/revoke`, { reason: 'Wrong' });
    const other = await agent.remember(LOGIN, { task_id: 'other' });
    await agent.embedded();
    const { items } = await agent.search(LOGIN, { similarity_threshold: 0 });

    expect(items.map((item: Body) => item.memory_id)).toEqual([other]);
    expect((await agent.memory(id)).status).toBe('revoked');
  });

  it('can be revoked again for the same reason, and is revoked once', async () => {
    const agent = agentIn('revoked-again');
    const id = await agent.remember(LOGIN);
    const revoke = (): ReturnType<Agent['post']> =>
      agent.post(`/memory/executions/${id}/revoke`, { reason: 'Wrong' });
    const answers = await Promise.all([revoke(), revoke(), revoke()]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await revoke()).body).toEqual(answers[0].body);
    expect((await agent.memory(id)).status).toBe('revoked');
  });

  it('can be named in capitals as it can be read in them', async () => {
    const agent = agentIn('revoked-capitals');
    const id = (await agent.remember(LOGIN)).toUpperCase();
    const read = await agent.get(`/memory/executions/${id}`);
    const revoked = await agent.post(`/memory/executions/${id}/revoke`, { reason: 'Wrong' });

    expect(revoked.status).toBe(read.status);
  });

  it.each([{}, { reason: '' }, { reason: ' ' }, { reason: 5 }, { reason: 'a', colour: 'red' }])(
    'is not made by %j',
    async (body) => {
      const agent = agentIn('not-revoked');
      const id = await agent.remember(LOGIN);

      expect((await agent.post(`/memory/executions/${id}/revoke`, body)).status).toBe(422);
      expect((await agent.memory(id)).status).toBe('stored');
    },
  );
});

describe('Tenants', () => {
  const names = ['user1', 'user10', 'a_', 'ab', 'A', 'a', '.', '..', '-', '_', 'n'.repeat(64)];

  beforeAll(async () => {
    for (const name of names) {
      const agent = agentIn(name);
      const task = { type: `type-of-${name}`, description: 'Water the ferns' };
      await agent.remember(`The ferns of ${name}`, {
        task_id: 'shared',
        task,
        agent_id: 'gardener',
      });
      await agent.post('/tasks', { id: 'next', type: 'garden', description: 'Water the ferns' });
      await agent.post('/tasks', { id: `only-${name}`, type: 'garden' });
      await agent.embedded();
    }
  });

  it.each(names)('called %s see themselves and nobody else', async (name) => {
    const agent = agentIn(name);
    const own = `The ferns of ${name}`;
    const summaries = (items: Body[]): string[] =>
      items.map((item) => (item.execution_summary ?? item.summary) as string);

    expect(summaries(await agent.memories())).toEqual([own]);
    expect(summaries(await agent.memories('?agent_id=gardener'))).toEqual([own]);
    expect(summaries((await agent.get('/tasks/shared/memories')).body.items)).toEqual([own]);
    expect((await agent.get('/tasks/shared')).body.type).toBe(`type-of-${name}`);
    const tasks = (await agent.get('/tasks')).body.items.map((task: Body) => task.id);
    expect(tasks.sort()).toEqual(['next', `only-${name}`, 'shared'].sort());
    const asked = { similarity_threshold: 0, top_k: 20 };
    expect(summaries((await agent.search('ferns', asked)).items)).toEqual([own]);
    const context = '/memory/tasks/next/context?similarity_threshold=0&top_k=10&record=false';
    const advice = (await agent.get(context)).body;
    expect(summaries(advice.similar_tasks)).toEqual([own]);
    expect(advice.recommendations[0]).toContain('1 of 1');
  });

  it('read nothing of each other by id', async () => {
    const [memory] = await agentIn('user1').memories();
    for (const name of names.filter((other) => other !== 'user1')) {
      const id = memory.memory_id as string;
      expect((await agentIn(name).get(`/memory/executions/${id}`)).status).toBe(404);
      expect((await agentIn(name).get('/tasks/only-user1')).status).toBe(404);
      expect((await agentIn(name).get('/tasks/only-user1/memories')).status).toBe(404);
      expect((await agentIn(name).get('/memory/tasks/only-user1/context')).status).toBe(404);
    }
  });

  it('go on from no cursor of each other', async () => {
    const first = await agentIn('user1').get('/tasks?limit=1');
    const cursor = first.body.next_cursor as string;
    const { items } = (await agentIn('user10').get(`/tasks?cursor=${cursor}`)).body;

    expect(items.map((task: Body) => task.id)).not.toContain('only-user1');
  });

  it('without a name are called default', async () => {
    const id = await agentIn('default').remember('Nameless');
    const { status } = await omoi.ask('get', `/api/v1/memory/executions/${id}`);

    expect(status).toBe(200);
  });

  it.each(['%', 'user%', 'user?', '*'])('cannot be called %s', async (name) => {
    const answers = [
      await agentIn(name).get('/tasks'),
      await agentIn(name).get('/memory/executions'),
      await agentIn(name).post('/memory/search', { task_description: 'ferns' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});
