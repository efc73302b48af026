import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const KEY = { 'Idempotency-Key': 'key 1' };
const RUN = {
  task_id: 't',
  execution_summary: 'Did it',
  success: true,
  task: { type: 'implement_api' },
};
const statusAndCode = ({ status, body }: Response): [number, string] => [status, body.code];

/** Every route that a key works on: what comes first, where, with which body, and another one. */
const ROUTES: readonly {
  path: string;
  body: Record<string, unknown>;
  other: Record<string, unknown>;
  status: number;
  again?: number;
}[] = [
  { path: '/tasks', body: { type: 'x' }, other: { type: 'y' }, status: 201 },
  {
    path: '/tasks/t/transition',
    body: { phase_id: 'PHASE_REQUIREMENTS' },
    other: { phase_id: 'PHASE_BLOCKED' },
    status: 200,
  },
  {
    path: '/tasks/t/complete',
    body: { execution_summary: 'Did it' },
    other: { execution_summary: 'Did it otherwise' },
    status: 200,
  },
  {
    path: '/tasks/t/fail',
    body: { execution_summary: 'Did not' },
    other: { execution_summary: 'Did not, otherwise' },
    status: 200,
  },
  { path: '/memory/store', body: RUN, other: { ...RUN, success: false }, status: 201 },
  {
    path: '/memory/store/batch',
    body: { executions: [RUN, { ...RUN, execution_summary: ' ' }] },
    other: { executions: [RUN] },
    status: 207,
    again: 207,
  },
  {
    path: '/memory/executions/:memory/revoke',
    body: { reason: 'Wrong' },
    other: { reason: 'Quite wrong' },
    status: 200,
  },
];

describe.each(ROUTES)('A key on POST $path', ({ path, body, other, status, again = 200 }) => {
  const namespace = path.replaceAll(/[/:]/g, '.');
  let agent: Agent;
  let address: string;
  let first: Response;

  beforeAll(async () => {
    agent = agentIn(namespace);
    await agent.post('/tasks', { id: 't', type: 'implement_api' });
    address = path.replace(':memory', await agent.remember('Something', { task_id: 'other' }));
    first = await agent.post(address, body, KEY);
  });

  it('answers a repetition as the first time', async () => {
    const second = await agent.post(address, body, KEY);

    expect([first.status, second.status]).toEqual([status, again]);
    expect(second.body).toEqual(first.body);
  });

  it('answers so whatever the order of the fields', async () => {
    const turned = Object.fromEntries(Object.entries(body).reverse());

    expect((await agent.post(address, turned, KEY)).body).toEqual(first.body);
  });

  it('is refused with another body', async () => {
    const refused = await agent.post(address, other, KEY);

    expect(statusAndCode(refused)).toEqual([409, 'request.key_reused']);
  });

  it('did it once', async () => {
    const stored = path.startsWith('/memory/store') || /complete|fail/.test(path) ? 2 : 1;
    const { items } = (await agent.get('/tasks')).body;

    expect(await agent.memories()).toHaveLength(path.endsWith('revoke') ? 0 : stored);
    expect(items).toHaveLength(path === '/tasks' ? 3 : 2);
  });
});

describe('A key', () => {
  it('makes thirty stores at once one memory and thirty equal answers', async () => {
    const agent = agentIn('thirty');
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => agent.post('/memory/store', RUN, KEY)),
    );
    const statuses = answers.map(({ status }) => status).sort();

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(statuses).toEqual([...Array<number>(29).fill(200), 201]);
    expect(await agent.memories()).toHaveLength(1);
  });

  it('makes ten registrations at once one task', async () => {
    const agent = agentIn('ten');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => agent.post('/tasks', { type: 'x' }, KEY)),
    );

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await agent.get('/tasks')).body.items).toHaveLength(1);
  });

  it('answers what was answered first, even when the task has moved on', async () => {
    const agent = agentIn('moved-on');
    const first = await agent.post('/tasks', { id: 't', type: 'x' }, KEY);
    const there = { phase_id: 'PHASE_REQUIREMENTS' };
    const moved = await agent.post('/tasks/t/transition', there, KEY);
    await agent.post('/tasks/t/complete', { execution_summary: 'Did it' });

    expect((await agent.post('/tasks', { id: 't', type: 'x' }, KEY)).body).toEqual(first.body);
    const again = await agent.post('/tasks/t/transition', there, KEY);
    expect([again.status, again.body]).toEqual([200, moved.body]);
    expect((await agent.get('/tasks/t')).body.status).toBe('completed');
  });

  it('belongs to its namespace', async () => {
    const one = await agentIn('one').post('/memory/store', RUN, KEY);
    const two = await agentIn('two').post('/memory/store', { ...RUN, success: false }, KEY);

    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.memory_id).not.toBe(two.body.memory_id);
  });

  it('belongs to its route', async () => {
    const agent = agentIn('routes');
    const answers = [
      await agent.post('/tasks', { id: 't', type: 'x' }, KEY),
      await agent.post('/memory/store', RUN, KEY),
      await agent.post('/memory/store/batch', { executions: [RUN] }, KEY),
      await agent.post('/tasks/t/transition', { phase_id: 'PHASE_BLOCKED' }, KEY),
      await agent.post('/tasks/t/complete', { execution_summary: 'Did it' }, KEY),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 207, 200, 200]);
    expect(await agent.memories()).toHaveLength(3);
  });

  it('is not remembered for what was refused', async () => {
    const agent = agentIn('refusals');
    const { task, ...withoutTask } = RUN;
    expect((await agent.post('/memory/store', withoutTask, KEY)).status).toBe(404);
    expect((await agent.post('/memory/store', { ...RUN, success: 1 }, KEY)).status).toBe(422);
    await agent.post('/tasks', { id: 't', ...task });

    expect((await agent.post('/memory/store', withoutTask, KEY)).status).toBe(201);
  });

  it('is remembered where there was nothing left to do', async () => {
    const agent = agentIn('nothing-to-do');
    await agent.post('/tasks', { id: 't', type: 'x' });
    await agent.post('/tasks/t/complete', { execution_summary: 'Did it' });
    const first = await agent.post('/tasks/t/complete', { execution_summary: 'Did it' }, KEY);
    const other = await agent.post('/tasks/t/complete', { execution_summary: 'Oh' }, KEY);

    expect(first.status).toBe(200);
    expect(statusAndCode(other)).toEqual([409, 'request.key_reused']);
  });

  it('means nothing to a search', async () => {
    const agent = agentIn('searches');
    const one = await agent.post('/memory/search', { task_description: 'one' }, KEY);
    const two = await agent.post('/memory/search', { task_description: 'two' }, KEY);

    expect([one.status, two.status]).toEqual([200, 200]);
  });

  it('of 200 characters works, also for a batch', async () => {
    const agent = agentIn('long');
    const key = { 'Idempotency-Key': '~'.repeat(200) };
    expect((await agent.post('/memory/store', RUN, key)).status).toBe(201);
    const batch = { executions: [RUN, RUN] };
    const first = await agent.post('/memory/store/batch', batch, key);
    expect((await agent.post('/memory/store/batch', batch, key)).body).toEqual(first.body);
    expect(await agent.memories()).toHaveLength(3);
  });

  it.each(['', 'k'.repeat(201), '\u00e9'])('spelled %j is refused', async (key) => {
    const { status, body } = await agentIn('spelled').post('/memory/store', RUN, {
      'Idempotency-Key': key,
    });

    expect([status, body.code]).toEqual([400, 'request.bad_idempotency_key']);
    expect(await agentIn('spelled').memories()).toEqual([]);
  });
});

describe('An execution_id', () => {
  it('makes a repetition the same execution, with or without the task beside it', async () => {
    const agent = agentIn('execution-id');
    const run = { ...RUN, execution_id: 'run-1' };
    const { task, ...withoutTask } = run;
    const first = await agent.post('/memory/store', run);
    const second = await agent.post('/memory/store', run);
    const third = await agent.post('/memory/store', withoutTask);

    expect(task.type).toBe('implement_api');
    expect([first, second, third].map(({ status }) => status)).toEqual([201, 200, 200]);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect(await agent.memories()).toHaveLength(1);
  });

  it('with another content is refused', async () => {
    const agent = agentIn('execution-id-other');
    await agent.post('/memory/store', { ...RUN, execution_id: 'run-1' });
    const changes = [{ success: false }, { tags: ['a'] }, { task_id: 'u' }];
    for (const change of changes) {
      const other = await agent.post('/memory/store', { ...RUN, execution_id: 'run-1', ...change });
      expect(statusAndCode(other)).toEqual([409, 'request.key_reused']);
    }

    expect(await agent.memories()).toHaveLength(1);
    expect((await agent.get('/tasks/u')).status).toBe(404);
  });

  it('belongs to its namespace', async () => {
    const run = { ...RUN, execution_id: 'run-1' };
    const answers = [
      await agentIn('id-one').post('/memory/store', run),
      await agentIn('id-two').post('/memory/store', { ...run, success: false }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('makes twenty stores at once one memory', async () => {
    const agent = agentIn('id-at-once');
    const run = { ...RUN, execution_id: '💡'.repeat(200) };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => agent.post('/memory/store', run)),
    );

    expect(new Set(answers.map(({ body }) => body.memory_id as string)).size).toBe(1);
    expect(await agent.memories()).toHaveLength(1);
  });
});

describe('Equal content', () => {
  it('without keys is two executions, because agents do repeat themselves', async () => {
    const agent = agentIn('equal');
    const [first, second] = [
      await agent.post('/memory/store', RUN),
      await agent.post('/memory/store', RUN),
    ];

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.memory_id).not.toBe(second.body.memory_id);
    expect(await agent.memories()).toHaveLength(2);
  });

  it('of one new task at once is many executions of one task', async () => {
    const agent = agentIn('equal-at-once');
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => agent.post('/memory/store', RUN)),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(15).fill(201));
    expect(await agent.memories()).toHaveLength(15);
    expect((await agent.get('/tasks')).body.items).toHaveLength(1);
  });
});
