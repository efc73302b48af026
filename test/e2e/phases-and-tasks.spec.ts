import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  PHASE_BACKLOG: ['PHASE_REQUIREMENTS', 'PHASE_BLOCKED'],
  PHASE_REQUIREMENTS: ['PHASE_DESIGN', 'PHASE_BLOCKED'],
  PHASE_DESIGN: ['PHASE_IMPLEMENTATION', 'PHASE_BLOCKED'],
  PHASE_IMPLEMENTATION: ['PHASE_TESTING', 'PHASE_BLOCKED'],
  PHASE_TESTING: ['PHASE_DEPLOYMENT', 'PHASE_IMPLEMENTATION', 'PHASE_BLOCKED'],
  PHASE_DEPLOYMENT: ['PHASE_DONE', 'PHASE_BLOCKED'],
  PHASE_DONE: [],
  PHASE_BLOCKED: [
    'PHASE_BACKLOG',
    'PHASE_REQUIREMENTS',
    'PHASE_DESIGN',
    'PHASE_IMPLEMENTATION',
    'PHASE_TESTING',
    'PHASE_DEPLOYMENT',
  ],
};
const IDS = Object.keys(DEFAULTS);
const statusAndCode = ({ status, body }: Response): [number, string] => [status, body.code];

describe('The default phases', () => {
  it('are eight, in order, each with its name, purpose and exits', async () => {
    const { body } = await agentIn('any').get('/phases');

    expect(body.next_cursor).toBeNull();
    expect(body.items.map((phase: Body) => phase.id)).toEqual(IDS);
    expect(body.items.map((phase: Body) => phase.sequence_order)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.items.map((phase: Body) => phase.name)).toEqual([
      'Backlog',
      'Requirements Analysis',
      'Design',
      'Implementation',
      'Testing',
      'Deployment',
      'Done',
      'Blocked',
    ]);
    for (const phase of body.items) {
      expect(phase.allowed_transitions).toEqual(DEFAULTS[phase.id as string]);
      expect(phase.is_terminal).toBe(['PHASE_DONE', 'PHASE_BLOCKED'].includes(phase.id as string));
      expect(phase.description).toMatch(/\S/);
      expect((await agentIn('other').get(`/phases/${phase.id as string}`)).body).toEqual(phase);
    }
  });

  it('allow exactly those transitions', async () => {
    for (const from of IDS) {
      const answers = await Promise.all(
        IDS.map((to) => agentIn('any').get(`/phases/${from}/can-transition?to=${to}`)),
      );
      expect(IDS.filter((_to, at) => answers[at]?.body.allowed).sort()).toEqual(
        [...(DEFAULTS[from] ?? [])].sort(),
      );
    }
  });
});

describe('A phase', () => {
  const review = {
    name: 'Review',
    description: 'Look at it together 👀',
    sequence_order: 8,
    allowed_transitions: ['PHASE_DONE'],
    is_terminal: false,
    configuration: { reviewers: 2, nested: { strict: true } },
  };

  it('is created, read back and replaced as a whole', async () => {
    const agent = agentIn('creates');
    const created = await agent.put('/phases/PHASE_REVIEW', { ...review, id: 'PHASE_REVIEW' });
    expect([created.status, created.body]).toEqual([200, { id: 'PHASE_REVIEW', ...review }]);
    expect((await agent.get('/phases/PHASE_REVIEW')).body).toEqual({
      id: 'PHASE_REVIEW',
      ...review,
    });

    const bare = { name: 'Peer review', sequence_order: 9 };
    expect((await agent.put('/phases/PHASE_REVIEW', bare)).status).toBe(200);
    const replaced = (await agentIn('another').get('/phases/PHASE_REVIEW')).body;
    expect(replaced).toMatchObject({ ...bare, description: null, allowed_transitions: [] });
    expect(replaced).toMatchObject({ configuration: {}, is_terminal: false });
    expect((await agent.get('/phases')).body.items).toHaveLength(9);
  });

  it('can be where a task stands and moves', async () => {
    const agent = agentIn('moves');
    await agent.put('/phases/PHASE_AUDIT', { ...review, allowed_transitions: ['PHASE_DONE'] });
    await agent.post('/tasks', { id: 't', type: 'x', phase_id: 'PHASE_AUDIT' });
    const moved = await agent.post('/tasks/t/transition', { phase_id: 'PHASE_DONE' });

    expect(moved.status).toBe(200);
    expect((await agent.get('/tasks/t')).body.phase_id).toBe('PHASE_DONE');
  });

  it('is not named otherwise in its body than in its address', async () => {
    const answer = await agentIn('any').put('/phases/PHASE_A', { ...review, id: 'PHASE_B' });

    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(['id']);
  });

  it('that is unknown is 404 at its address and 422 where it is mentioned', async () => {
    const agent = agentIn('unknown');
    const known = '/phases/PHASE_BACKLOG/can-transition';
    expect(statusAndCode(await agent.get('/phases/PHASE_X'))).toEqual([404, 'phase.unknown']);
    expect((await agent.get('/phases/PHASE_X/can-transition?to=PHASE_DONE')).status).toBe(404);
    const mentioned: [Response, string][] = [
      [await agent.get(`${known}?to=PHASE_X`), 'to'],
      [await agent.get(known), 'to'],
      [await agent.post('/tasks', { type: 'x', phase_id: 'PHASE_X' }), 'phase_id'],
    ];
    await agent.post('/tasks', { id: 't', type: 'x' });
    const done = { execution_summary: 'Done', phase_id: 'PHASE_X' };
    mentioned.push(
      [await agent.post('/tasks/t/transition', { phase_id: 'PHASE_X' }), 'phase_id'],
      [await agent.post('/tasks/t/complete', done), 'phase_id'],
      [await agent.post('/memory/store', { ...done, task_id: 't', success: true }), 'phase_id'],
    );

    for (const [answer, field] of mentioned) {
      expect(answer.status).toBe(422);
      expect(fieldsOf(answer)).toEqual([field]);
    }
    expect((await agent.get('/tasks/t')).body).toMatchObject({ status: 'open' });
    expect(await agent.memories()).toEqual([]);
  });

  it('is listed page by page as everything else is', async () => {
    const { status, body } = await agentIn('any').get('/phases?limit=3');

    expect(status).toBe(200);
    expect(body.items.map((phase: Body) => phase.id)).toEqual(IDS.slice(0, 3));
    expect(body.next_cursor).not.toBeNull();
  });
});

describe('A task', () => {
  it('is registered and read back, with what was left out', async () => {
    const agent = agentIn('registers');
    const asked = {
      id: 'task/1 ü',
      type: 'implement_api',
      description: 'Do it',
      metadata: { a: [1] },
    };
    const full = await agent.post('/tasks', asked);
    const bare = await agent.post('/tasks', { type: 'x' });

    expect([full.status, bare.status]).toEqual([201, 201]);
    expect(full.body).toMatchObject({ ...asked, phase_id: 'PHASE_BACKLOG', status: 'open' });
    expect(full.body.finished_at).toBeNull();
    expect(bare.body).toMatchObject({ description: null, metadata: {}, phase_id: 'PHASE_BACKLOG' });
    expect((await agent.get(`/tasks/${encodeURIComponent(asked.id)}`)).body).toEqual(full.body);
    expect((await agent.get(`/tasks/${bare.body.id as string}`)).body).toEqual(bare.body);
  });

  it('registered again with the same body is the same task, as it stands now', async () => {
    const agent = agentIn('again');
    const asked = { id: 't', type: 'x', metadata: { b: 1, a: 2 } };
    const first = await agent.post('/tasks', asked);
    const second = await agent.post('/tasks', { type: 'x', metadata: { a: 2, b: 1 }, id: 't' });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);

    await agent.post('/tasks/t/transition', { phase_id: 'PHASE_REQUIREMENTS' });
    const third = await agent.post('/tasks', asked);
    expect([third.status, third.body.phase_id]).toEqual([200, 'PHASE_REQUIREMENTS']);
  });

  it.each([
    { type: 'y' },
    { description: 'z' },
    { phase_id: 'PHASE_DONE' },
    { metadata: { a: 1 } },
  ])('registered again with %j is refused', async (change) => {
    const agent = agentIn('refused');
    const first = await agent.post('/tasks', { id: 't', type: 'x' });
    const other = await agent.post('/tasks', { id: 't', type: 'x', ...change });

    expect(statusAndCode(other)).toEqual([409, 'task.already_registered']);
    expect((await agent.get('/tasks/t')).body).toMatchObject({ type: 'x', metadata: {} });
    expect(first.body.id).toBe('t');
  });

  it('goes where its phase lets it, and nowhere else', async () => {
    const agent = agentIn('goes');
    await agent.post('/tasks', { id: 't', type: 'x' });
    const moved = await agent.post('/tasks/t/transition', { phase_id: 'PHASE_REQUIREMENTS' });
    expect(moved.status).toBe(200);
    expect(moved.body).toEqual({ id: 't', phase_id: 'PHASE_REQUIREMENTS', status: 'open' });
    expect((await agent.get('/tasks/t')).body.phase_id).toBe('PHASE_REQUIREMENTS');

    for (const phase_id of ['PHASE_DONE', 'PHASE_BACKLOG', 'PHASE_REQUIREMENTS']) {
      const refused = await agent.post('/tasks/t/transition', { phase_id });
      expect(statusAndCode(refused)).toEqual([409, 'task.transition_not_allowed']);
    }
    expect((await agent.get('/tasks/t')).body.phase_id).toBe('PHASE_REQUIREMENTS');
  });

  it('leaves BLOCKED for DEPLOYMENT, and DONE for nothing', async () => {
    const agent = agentIn('leaves');
    await agent.post('/tasks', { id: 't', type: 'x', phase_id: 'PHASE_BLOCKED' });
    for (const phase_id of ['PHASE_DEPLOYMENT', 'PHASE_DONE']) {
      expect((await agent.post('/tasks/t/transition', { phase_id })).status).toBe(200);
    }
    for (const phase_id of IDS) {
      expect((await agent.post('/tasks/t/transition', { phase_id })).status).toBe(409);
    }
    expect((await agent.get('/tasks/t')).body).toMatchObject({ status: 'open' });
  });

  it('asked to move by two at once goes one way', async () => {
    const agent = agentIn('at-once');
    await agent.post('/tasks', { id: 't', type: 'x', phase_id: 'PHASE_TESTING' });
    const to = ['PHASE_DEPLOYMENT', 'PHASE_IMPLEMENTATION'];
    const answers = await Promise.all(
      to.map((phase_id) => agent.post('/tasks/t/transition', { phase_id })),
    );
    const winner = to[answers.findIndex(({ status }) => status === 200)];

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await agent.get('/tasks/t')).body.phase_id).toBe(winner);
  });

  it.each([
    ['complete', 'completed', true],
    ['fail', 'failed', false],
  ])('that is to %s is remembered without anybody storing it', async (verb, status, success) => {
    const agent = agentIn(verb);
    const phase_id = 'PHASE_TESTING';
    const task = { id: 't', type: 'fix_bug', description: 'Mend the parser', phase_id };
    await agent.post('/tasks', task);
    const execution = {
      execution_summary: 'Rewrote the tokenizer',
      error_patterns: { error_type: 'SyntaxError' },
      agent_id: 'coder-1',
      tags: ['parser'],
      tools: ['editor'],
      duration_ms: 5,
      cost_usd: 0.5,
      execution_id: `run-${verb}`,
      occurred_at: '2026-01-31T12:00:00.000Z',
    };
    const finished = await agent.post(`/tasks/t/${verb}`, execution);
    const [memory, ...others] = (await agent.get('/tasks/t/memories')).body.items as Body[];

    expect([finished.status, finished.body]).toEqual([200, { id: 't', status }]);
    expect(memory).toMatchObject({ ...execution, success, task_id: 't', phase_id });
    expect(memory).toMatchObject({ task_type: 'fix_bug', description: 'Mend the parser' });
    expect(others).toEqual([]);
    const read = (await agent.get('/tasks/t')).body;
    expect(read).toMatchObject({ ...task, status, finished_at: expect.any(String) });
  });

  it('is remembered at once, each of many finished together', async () => {
    const agent = agentIn('together');
    const ids = Array.from({ length: 12 }, (_, at) => `task-${String(at)}`);
    const found = await Promise.all(
      ids.map(async (id) => {
        await agent.post('/tasks', { id, type: 'x' });
        await agent.post(`/tasks/${id}/complete`, { execution_summary: `Did ${id}` });
        const { body } = await agent.get(`/tasks/${id}/memories`);
        return body.items.map((memory: Body) => memory.execution_summary as string) as string[];
      }),
    );

    expect(found).toEqual(ids.map((id) => [`Did ${id}`]));
  });

  it('finished twice the same way is finished once, the other way is refused', async () => {
    const agent = agentIn('twice');
    await agent.post('/tasks', { id: 't', type: 'x' });
    const done = { execution_summary: 'Did it' };
    const answers = [
      await agent.post('/tasks/t/complete', done),
      await agent.post('/tasks/t/complete', done),
      await agent.post('/tasks/t/complete', { execution_summary: 'Did it, said otherwise' }),
    ];
    const other = await agent.post('/tasks/t/fail', done);
    const moved = await agent.post('/tasks/t/transition', { phase_id: 'PHASE_REQUIREMENTS' });

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body.status)).toEqual(Array(3).fill('completed'));
    expect(statusAndCode(other)).toEqual([409, 'task.finished']);
    expect(statusAndCode(moved)).toEqual([409, 'task.finished']);
    const memories = (await agent.get('/tasks/t/memories')).body.items as Body[];
    expect(memories.map((memory) => memory.execution_summary)).toEqual(['Did it']);
    expect((await agent.get('/tasks/t')).body).toMatchObject({ status: 'completed' });
  });

  it('finished both ways at once ends one way', async () => {
    const agent = agentIn('both');
    await agent.post('/tasks', { id: 't', type: 'x' });
    const answers = await Promise.all(
      ['complete', 'fail', 'complete', 'fail'].map((verb) =>
        agent.post(`/tasks/t/${verb}`, { execution_summary: verb }),
      ),
    );
    const task = (await agent.get('/tasks/t')).body;
    const memories = (await agent.get('/tasks/t/memories')).body.items as Body[];

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    expect(memories.map(({ success }) => success)).toEqual([task.status === 'completed']);
  });

  it('can still be given executions by hand after it was finished', async () => {
    const agent = agentIn('by-hand');
    await agent.post('/tasks', { id: 't', type: 'x' });
    await agent.post('/tasks/t/fail', { execution_summary: 'First try' });
    await agent.remember('Second try', { task_id: 't' });
    const { items } = (await agent.get('/tasks/t/memories')).body;

    expect(items.map((memory: Body) => [memory.execution_summary, memory.success])).toEqual([
      ['Second try', true],
      ['First try', false],
    ]);
  });

  it('that is unknown is 404 for everything asked of it', async () => {
    const agent = agentIn('nobody');
    const done = { execution_summary: 'Done' };
    const answers = [
      await agent.get('/tasks/nobody'),
      await agent.get('/tasks/nobody/memories'),
      await agent.post('/tasks/nobody/transition', { phase_id: 'PHASE_DONE' }),
      await agent.post('/tasks/nobody/complete', done),
      await agent.post('/tasks/nobody/fail', done),
    ];

    expect(answers.map(statusAndCode)).toEqual(Array(5).fill([404, 'task.unknown']));
    expect((await agent.get('/tasks')).body.items).toEqual([]);
  });
});

describe('The tasks', () => {
  it('are listed newest first, page by page, and narrowed', async () => {
    const agent = agentIn('listed');
    for (let at = 0; at < 25; at += 1) {
      const type = at % 2 === 0 ? 'even' : 'odd';
      const phase_id = at < 5 ? 'PHASE_DESIGN' : 'PHASE_BACKLOG';
      await agent.post('/tasks', { id: `task-${String(at)}`, type, phase_id });
    }
    await agent.post('/tasks/task-3/complete', { execution_summary: 'Did it' });
    await agent.post('/tasks/task-4/fail', { execution_summary: 'Did not' });
    const idsOf = ({ body }: Response): string[] => body.items.map((task: Body) => task.id);

    const first = await agent.get('/tasks');
    const second = await agent.get(`/tasks?cursor=${first.body.next_cursor as string}`);
    const inOrder = [...first.body.items, ...second.body.items] as Body[];
    expect([idsOf(first).length, idsOf(second).length]).toEqual([20, 5]);
    expect(second.body.next_cursor).toBeNull();
    expect(new Set(inOrder.map(({ id }) => id)).size).toBe(25);
    const keys = inOrder.map(({ created_at, id }): [number, string] => [
      -Date.parse(created_at as string),
      id as string,
    ]);
    expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));

    const all = '/tasks?limit=100';
    expect(idsOf(await agent.get(`${all}&type=odd`))).toHaveLength(12);
    expect(idsOf(await agent.get(`${all}&phase_id=PHASE_DESIGN`))).toHaveLength(5);
    expect(idsOf(await agent.get(`${all}&status=open`))).toHaveLength(23);
    expect(idsOf(await agent.get(`${all}&status=completed`))).toEqual(['task-3']);
    expect(idsOf(await agent.get(`${all}&status=failed&type=even`))).toEqual(['task-4']);
    expect(idsOf(await agent.get(`${all}&status=failed&type=odd`))).toEqual([]);
  });
});

describe('A task finished with the id of an execution that is stored', () => {
  it('is refused, and stays open, because it could not become a memory', async () => {
    const agent = new Agent(omoi, 'known-execution');
    await agent.remember('Watered the ferns', { execution_id: 'run-1' });
    await agent.post('/tasks', { id: 'b', type: 'garden' });
    const finish = { execution_summary: 'Cut the hedge', execution_id: 'run-1' };
    const refused = await agent.post('/tasks/b/complete', finish);

    expect([refused.status, refused.body.code]).toEqual([409, 'request.key_reused']);
    expect((await agent.get('/tasks/b')).body.status).toBe('open');
    const done = await agent.post('/tasks/b/complete', { ...finish, execution_id: 'run-2' });
    expect(done.status).toBe(200);
    expect((await agent.get('/tasks/b/memories')).body.items).toMatchObject([
      { execution_id: 'run-2', execution_summary: 'Cut the hedge' },
    ]);
    expect((await agent.post('/tasks/b/complete', finish)).status).toBe(200);
  });
});

describe('A phase with an exit to a phase that is not there', () => {
  it('is refused', async () => {
    const phase = { name: 'Lost', sequence_order: 9, allowed_transitions: ['PHASE_NOWHERE'] };
    const { status, body } = await new Agent(omoi, 'lost').put('/phases/PHASE_LOST', phase);

    expect([status, body.errors]).toEqual([
      422,
      [{ field: 'allowed_transitions', message: 'There is no phase PHASE_NOWHERE.' }],
    ]);
  });
});
