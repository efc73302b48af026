import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { Database } from '../../src/database/index.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const BATCH = '/memory/store/batch';
const LINES = { 'Content-Type': 'application/x-ndjson' };
const run = (execution_summary: string, more: object = {}): Record<string, unknown> => ({
  task_id: 't',
  execution_summary,
  success: true,
  task: { type: 'implement_api' },
  ...more,
});
const statusesOf = ({ body }: Response): number[] => body.items.map((item: Body) => item.status);
const codesOf = ({ body }: Response): (string | undefined)[] =>
  body.items.map((item: Body) => item.problem?.code as string | undefined);

describe('A batch', () => {
  it('stores each of its executions, in order', async () => {
    const agent = agentIn('stores');
    const executions = ['one', 'two', 'three'].map((summary) => run(summary));
    const answer = await agent.post(BATCH, { executions });

    expect(answer.status).toBe(207);
    expect(statusesOf(answer)).toEqual([201, 201, 201]);
    for (const [at, { memory_id }] of answer.body.items.entries()) {
      expect((await agent.memory(memory_id as string)).execution_summary).toBe(
        executions[at as number]?.execution_summary,
      );
    }
  });

  it('stores the good ones and refuses the bad ones, each with its number and reason', async () => {
    const agent = agentIn('mixed');
    await agent.remember('Before', { task_id: 't', execution_id: 'known' });
    const { task, ...untold } = run('Nobody knows', { task_id: 'nobody' });
    const executions = [
      run('good'),
      run(' '),
      untold,
      run('phase', { phase_id: 'PHASE_X' }),
      run('other', { execution_id: 'known' }),
      run('colour', { colour: 'red' }),
      'text',
      null,
      run('also good'),
    ];
    const answer = await agent.post(BATCH, { executions });

    expect(task).toBeDefined();
    expect(statusesOf(answer)).toEqual([201, 422, 404, 422, 409, 422, 422, 422, 201]);
    expect(codesOf(answer).slice(2, 5)).toEqual([
      'task.unknown',
      'phase.unknown',
      'request.key_reused',
    ]);
    const problems = answer.body.items.map((item: Body) => item.problem?.errors?.[0].field);
    expect(problems[1]).toBe('execution_summary');
    expect(problems[5]).toBe('colour');
    const summaries = (await agent.memories()).map((memory) => memory.execution_summary as string);
    expect(summaries.sort()).toEqual(['Before', 'also good', 'good']);
  });

  it('of lines stores each line alone, and a broken one is 400', async () => {
    const agent = agentIn('lines');
    const lines = [
      JSON.stringify(run('first')),
      '{"task_id": "t", "execution_summ',
      '',
      JSON.stringify(run('second', { task: undefined })),
      '[]',
      JSON.stringify(run('third')),
    ];
    const answer = await agent.post(BATCH, `${lines.join('\r\n')}\n`, LINES);

    expect(answer.status).toBe(207);
    expect(statusesOf(answer)).toEqual([201, 400, 201, 422, 201]);
    expect(codesOf(answer)[1]).toBe('request.unreadable_json');
    expect(await agent.memories()).toHaveLength(3);
  });

  it('registers a task once, whichever of its executions tells of it', async () => {
    const agent = agentIn('registers');
    const { task, ...untold } = run('untold');
    const executions = [untold, run('told'), untold, run('told again')];
    const answer = await agent.post(BATCH, { executions });

    expect(task).toBeDefined();
    expect(statusesOf(answer)).toEqual([404, 201, 201, 201]);
    expect((await agent.get('/tasks')).body.items).toHaveLength(1);
    expect((await agent.get('/tasks/t/memories')).body.items).toHaveLength(3);
  });

  it('registers no task for an execution that was refused', async () => {
    const agent = agentIn('refused-task');
    await agent.remember('Before', { execution_id: 'known' });
    const { task, ...untold } = run('untold', { task_id: 'new' });
    const executions = [run('other', { task_id: 'new', execution_id: 'known' }), untold];
    const answer = await agent.post(BATCH, { executions });

    expect(task).toBeDefined();
    expect(statusesOf(answer)).toEqual([409, 404]);
    expect((await agent.get('/tasks/new')).status).toBe(404);
    expect(await agent.memories()).toHaveLength(1);
  });

  it('registers the task with the execution after one that was refused', async () => {
    const agent = agentIn('refused-then-stored');
    await agent.remember('Before', { execution_id: 'known' });
    const refused = run('other', { task_id: 'new', execution_id: 'known' });
    const answer = await agent.post(BATCH, { executions: [refused, run('x', { task_id: 'new' })] });

    expect(statusesOf(answer)).toEqual([409, 201]);
    expect((await agent.get('/tasks/new')).status).toBe(200);
  });

  it('with an execution_id twice stores it once, and refuses it with another content', async () => {
    const agent = agentIn('twice');
    const once = run('once', { execution_id: 'run-1' });
    const answer = await agent.post(BATCH, {
      executions: [once, once, run('otherwise', { execution_id: 'run-1' }), run('after')],
    });
    const { items } = answer.body;

    expect(statusesOf(answer)).toEqual([201, 200, 409, 201]);
    expect(items[1].memory_id).toBe(items[0].memory_id);
    expect(await agent.memories()).toHaveLength(2);
  });

  it('with a key answers a repetition with the first body, refusals included', async () => {
    const agent = agentIn('key');
    const key = { 'Idempotency-Key': 'k' };
    const { task, ...untold } = run('untold', { task_id: 'later' });
    const batch = { executions: [run('good'), run(' '), untold] };
    const first = await agent.post(BATCH, batch, key);
    await agent.post('/tasks', { id: 'later', ...(task as object) });
    const second = await agent.post(BATCH, batch, key);

    expect(statusesOf(first)).toEqual([201, 422, 404]);
    expect([second.status, second.body]).toEqual([207, first.body]);
    expect(await agent.memories()).toHaveLength(1);
    expect((await agent.post(BATCH, { executions: [run('x')] }, key)).status).toBe(409);
  });

  it('with a key sent ten times at once is stored once', async () => {
    const agent = agentIn('key-at-once');
    const key = { 'Idempotency-Key': 'k' };
    const batch = { executions: [run('one'), run('two', { task_id: 'u' }), run('')] };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => agent.post(BATCH, batch, key)),
    );

    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(await agent.memories()).toHaveLength(2);
  });

  it('is stored whole by each of ten at once, who all tell of the same new tasks', async () => {
    const agent = agentIn('new-at-once');
    for (let round = 0; round < 3; round += 1) {
      const executions = ['t', 'u', 'v'].map((name) =>
        run(name, { task_id: `${name}-${String(round)}` }),
      );
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => agent.post(BATCH, { executions })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(207));
      for (const answer of answers) expect(statusesOf(answer)).toEqual([201, 201, 201]);
    }
    expect(await agent.memories('?limit=100')).toHaveLength(90);
    expect((await agent.get('/tasks')).body.items).toHaveLength(9);
  });

  it('without a key sent twice is stored twice', async () => {
    const agent = agentIn('no-key');
    const batch = { executions: [run('one')] };
    await agent.post(BATCH, batch);
    await agent.post(BATCH, batch);

    expect(await agent.memories()).toHaveLength(2);
  });

  it('of lines with a key answers a repetition with the first body', async () => {
    const agent = agentIn('lines-key');
    const key = { ...LINES, 'Idempotency-Key': 'k' };
    const lines = `${JSON.stringify(run('one'))}\nbroken\n`;
    const first = await agent.post(BATCH, lines, key);
    const second = await agent.post(BATCH, lines, key);

    expect(statusesOf(first)).toEqual([201, 400]);
    expect(second.body).toEqual(first.body);
    expect(await agent.memories()).toHaveLength(1);
  });

  it('may hold 1,000 executions, and no more', async () => {
    const agent = agentIn('thousand');
    const executions = Array.from({ length: 1_001 }, (_, at) =>
      run('The same words', { task_id: `task-${String(at % 100)}`, duration_ms: at }),
    );
    const tooMany = await agent.post(BATCH, { executions });
    const lines = executions.map((execution) => JSON.stringify(execution)).join('\n');
    expect([tooMany.status, fieldsOf(tooMany)]).toEqual([422, ['executions']]);
    expect((await agent.post(BATCH, lines, LINES)).status).toBe(422);
    expect(await agent.memories()).toEqual([]);

    const stored = await agent.post(BATCH, { executions: executions.slice(0, 1_000) });
    const ids = stored.body.items.map((item: Body) => item.memory_id as string) as string[];
    expect(new Set(statusesOf(stored))).toEqual(new Set([201]));
    expect(new Set(ids).size).toBe(1_000);
    await eventually(
      () => agent.memory(ids.at(-1) ?? ''),
      ({ duration_ms }) => duration_ms === 999,
    );
    expect((await agent.get('/tasks/task-7/memories')).body.items).toHaveLength(10);
    expect((await agent.memory(ids[500] ?? '')).duration_ms).toBe(500);
  });

  it.each([
    ['{}', 'executions'],
    ['{"executions": 5}', 'executions'],
    ['{"executions": []}', 'executions'],
    ['{"executions": null}', 'executions'],
    ['{"executions": [{}], "colour": "red"}', 'colour'],
  ])('that is %s is refused, and the field named', async (body, field) => {
    const answer = await agentIn('shape').post(BATCH, body);

    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([field]);
  });

  it.each(['[]', '5', 'null', 'true', '"text"', JSON.stringify(JSON.stringify(run('inside')))])(
    'that is %s and no object is refused',
    async (body) => {
      const agent = agentIn('no-object');

      expect((await agent.post(BATCH, body)).status).toBe(422);
      expect(await agent.memories()).toEqual([]);
    },
  );

  it('of no lines is refused', async () => {
    expect((await agentIn('no-lines').post(BATCH, '\n\n', LINES)).status).toBe(422);
  });
});

describe('A batch that would cost more than its size', () => {
  const send = (type: string, body: string): ReturnType<typeof fetch> =>
    fetch(`${omoi.url}/api/v1/memory/store/batch`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });

  it.each([
    ['millions of lines', 'application/x-ndjson', '1\n'.repeat(8_000_000), 'request.invalid'],
    [
      'millions of members',
      'application/json',
      `{"executions":[${'{},'.repeat(5_000_000)}{}]}`,
      'request.too_many_members',
    ],
  ])('for its %s is refused', async (_what, type, body, code) => {
    const answer = await send(type, body);

    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, code]);
  });
});

describe('What is remembered of a batch', () => {
  it('holds no word of what was sent, and tells the same answer again', async () => {
    const agent = agentIn('no-words');
    const executions = [
      { task_id: 't', execution_summary: 'Fine', success: true, task: { type: 'demo' } },
      { task_id: 't', execution_summary: 'Odd', success: true, 'my secret field': 1 },
      { task_id: 'nowhere', execution_summary: 'Lost', success: true },
    ];
    const headers = { 'Idempotency-Key': 'no-words' };
    const first = await agent.post('/memory/store/batch', { executions }, headers);
    const again = await agent.post('/memory/store/batch', { executions }, headers);

    expect(first.body.items.map(({ status }: Body) => status)).toEqual([201, 422, 404]);
    expect(again.body).toEqual(first.body);
    const rows = await omoi.app
      .get(Database)
      .within('no-words', (sql) =>
        sql.query<{ result: object }>('select command.result from es.command as command'),
      );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/secret|nowhere|Fine|Odd|Lost/);
  });
});
