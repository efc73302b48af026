import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';

let omoi: RunningApp;
let agent: Agent;

const RUN = { task_id: 't', execution_summary: 'Did it', success: true };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** All there is in the namespace; a refusal leaves it as it was. */
const everything = async (): Promise<string> => {
  const answers = await Promise.all([
    agent.get('/tasks?limit=100'),
    agent.get('/memory/executions?limit=100'),
    agent.get('/phases'),
  ]);
  return JSON.stringify(
    answers.map(({ body }) => body as unknown),
    (key, value: unknown) => (/embedding|reused_count/.test(key) ? undefined : value),
  );
};
let before: string;

beforeAll(async () => {
  omoi = await startApp();
  agent = new Agent(omoi, 'bad-input');
  await agent.post('/tasks', { id: 't', type: 'implement_api' });
  await agent.remember('Before', { task_id: 't' });
  before = await everything();
});
afterEach(async () => {
  expect(await everything()).toBe(before);
});
afterAll(() => omoi.stop());

function expectRefusal(answer: Response, status: number, ...fields: string[]): void {
  expect([answer.status, answer.body.status]).toEqual([status, status]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Object.keys(answer.body as object)).toEqual(
    expect.arrayContaining(['type', 'title', 'status', 'detail', 'code']),
  );
  expect(JSON.stringify(answer.body)).not.toMatch(/select |insert |node_modules|\.ts:|\.js:/);
  expect([...new Set(fieldsOf(answer))].sort()).toEqual(fields.sort());
}

describe('A store', () => {
  it.each([
    [{ execution_summary: undefined }, ['execution_summary']],
    [{ execution_summary: '' }, ['execution_summary']],
    [{ execution_summary: ' \n\t\u00a0' }, ['execution_summary']],
    [{ execution_summary: 5 }, ['execution_summary']],
    [{ execution_summary: null }, ['execution_summary']],
    [{ task_id: undefined, success: undefined }, ['task_id', 'success']],
    [{ task_id: '' }, ['task_id']],
    [{ task_id: ' ' }, ['task_id']],
    [{ task_id: 't'.repeat(201) }, ['task_id']],
    [{ task_id: 7 }, ['task_id']],
    [{ success: 'true' }, ['success']],
    [{ success: 1 }, ['success']],
    [{ success: null }, ['success']],
    [{ error_patterns: [] }, ['error_patterns']],
    [{ error_patterns: 'Timeout' }, ['error_patterns']],
    [{ auto_extract_patterns: 'no' }, ['auto_extract_patterns']],
    [{ tags: 'auth' }, ['tags']],
    [{ tags: ['auth', 5] }, ['tags.1']],
    [{ tags: ['auth', ''] }, ['tags.1']],
    [{ tools: [null] }, ['tools.0']],
    [{ tools: Array(51).fill('a') }, ['tools']],
    [{ duration_ms: -1 }, ['duration_ms']],
    [{ duration_ms: 1.5 }, ['duration_ms']],
    [{ duration_ms: '5' }, ['duration_ms']],
    [{ cost_usd: -0.01 }, ['cost_usd']],
    [{ cost_usd: '1' }, ['cost_usd']],
    [{ occurred_at: 'yesterday' }, ['occurred_at']],
    [{ occurred_at: '2026-02-30T00:00:00Z' }, ['occurred_at']],
    [{ occurred_at: '2026-01-31' }, ['occurred_at']],
    [{ occurred_at: 1_700_000_000 }, ['occurred_at']],
    [{ suggestion_id: 'none' }, ['suggestion_id']],
    [{ phase_id: '' }, ['phase_id']],
    [{ phase_id: 'P'.repeat(51) }, ['phase_id']],
    [{ task: { type: '' } }, ['task.type']],
    [{ task: {} }, ['task.type']],
    [{ task: 'implement_api' }, ['task']],
    [{ task: { type: 'x', colour: 'red' } }, ['task.colour']],
    [{ colour: 'red', shape: 'round' }, ['colour', 'shape']],
    [{ memory_id: NOBODY }, ['memory_id']],
  ])('is refused with %j, and each field named', async (change, fields) => {
    expectRefusal(await agent.post('/memory/store', { ...RUN, ...change }), 422, ...fields);
  });

  it('of 100,000 characters is stored whole, whatever they are', async () => {
    const other = new Agent(omoi, 'long');
    for (const character of ['a', '💡', '記']) {
      const summary = character.repeat(100_000);
      const memory = await other.memory(await other.remember(summary, { task_id: 't' }));
      expect(memory.execution_summary === summary).toBe(true);
    }
  });

  it('with every field as long as it may be is stored whole', async () => {
    const other = new Agent(omoi, 'longest');
    const longest = '💡'.repeat(200);
    const labels = Array.from({ length: 50 }, (_, at) => `${String(at + 10)}${'💡'.repeat(198)}`);
    const fields = { agent_id: longest, execution_id: longest, tags: labels, tools: labels };
    const task = { type: longest, description: '💡'.repeat(20_000) };
    const id = await other.remember('Did it', { ...fields, task_id: longest, task });
    const answer = await other.get(`/tasks/${encodeURIComponent(longest)}/memories`);

    expect(await other.memory(id)).toMatchObject({ ...fields, task_id: longest });
    expect(answer.body.items).toHaveLength(1);
  });

  it.each(['a', '💡'])('of 100,001 characters (%s) is refused', async (character) => {
    const execution_summary = character.repeat(100_001);
    const answer = await agent.post('/memory/store', { ...RUN, execution_summary });

    expectRefusal(answer, 422, 'execution_summary');
  });

  it('of two megabytes is too large', async () => {
    const error_patterns = { log: 'a'.repeat(2 * 1024 * 1024) };

    expectRefusal(await agent.post('/memory/store', { ...RUN, error_patterns }), 413);
  });

  it('of nearly one mebibyte is stored whole', async () => {
    const other = new Agent(omoi, 'large');
    const error_patterns = { log: 'é'.repeat(520_000) };
    const id = await other.remember('Failed', { success: false, error_patterns });

    expect((await other.memory(id)).error_patterns.log).toHaveLength(520_000);
  });
});

describe('What nobody can store', () => {
  const unstorable = ['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00', 'a\\udfffb', '\\udc00\\ud800'];
  const nested = [
    ['error_patterns', '{"a": "?"}'],
    ['error_patterns', '{"?": 1}'],
    ['error_patterns', '{"a": [{"b": ["?"]}]}'],
    ['error_patterns', '{"a": [{"?": {}}]}'],
  ] as const;
  const fields = [
    ['task_id', '"?"', 'task_id'],
    ['execution_summary', '"Did ?"', 'execution_summary'],
    ['execution_id', '"?"', 'execution_id'],
    ['agent_id', '"?"', 'agent_id'],
    ['phase_id', '"?"', 'phase_id'],
    ['tags', '["a", "?"]', 'tags.1'],
    ['tools', '["?"]', 'tools.0'],
    ['suggestion_id', '"?"', 'suggestion_id'],
    ['occurred_at', '"?"', 'occurred_at'],
    ['task', '{"type": "?"}', 'task.type'],
    ['task', '{"type": "x", "description": "?"}', 'task.description'],
    ...nested.map(([name, value]) => [name, value, 'error_patterns'] as const),
  ] as const;

  it.each(unstorable)('(%s) is refused in every field of an execution', async (evil) => {
    for (const [name, value, field] of fields) {
      const { [name as 'task_id']: _replaced, ...rest } = RUN;
      const body = `{"${name}": ${value.replace('?', evil)}, ${JSON.stringify(rest).slice(1)}`;
      expectRefusal(await agent.post('/memory/store', body), 422, field);
    }
  });

  it.each(unstorable)('(%s) is refused in every other body', async (evil) => {
    const bodies: [string, string, string][] = [
      ['/tasks', `{"id": "?", "type": "x"}`, 'id'],
      ['/tasks', `{"type": "?"}`, 'type'],
      ['/tasks', `{"type": "x", "description": "?"}`, 'description'],
      ['/tasks', `{"type": "x", "phase_id": "?"}`, 'phase_id'],
      ['/tasks', `{"type": "x", "metadata": {"?": 1}}`, 'metadata'],
      ['/tasks', `{"type": "x", "metadata": {"a": {"b": "?"}}}`, 'metadata'],
      ['/tasks/t/transition', `{"phase_id": "?"}`, 'phase_id'],
      ['/tasks/t/complete', `{"execution_summary": "Did ?"}`, 'execution_summary'],
      ['/tasks/t/fail', `{"execution_summary": "a", "error_patterns": {"?": 1}}`, 'error_patterns'],
      ['/memory/search', `{"task_description": "find ?"}`, 'task_description'],
      ['/memory/search', `{"task_description": "a", "filters": {"tags": ["?"]}}`, 'filters.tags.0'],
      [
        '/memory/search',
        `{"task_description": "a", "filters": {"agent_id": "?"}}`,
        'filters.agent_id',
      ],
      [`/memory/executions/${NOBODY}/revoke`, `{"reason": "?"}`, 'reason'],
    ];
    for (const [path, body, field] of bodies) {
      expectRefusal(await agent.post(path, body.replace('?', evil)), 422, field);
    }
    const phase = `{"name": "?", "sequence_order": 1}`.replace('?', evil);
    const configured = `{"name": "a", "sequence_order": 1, "configuration": {"a": ["?"]}}`;
    const put = (body: string): Promise<Response> => agent.put('/phases/P', body, JSON_TYPE);
    expectRefusal(await put(phase), 422, 'name');
    expectRefusal(await put(configured.replace('?', evil)), 422, 'configuration');
  });

  it('is refused in every line of a batch', async () => {
    const line = `{"task_id": "t", "success": true, "execution_summary": "?"}`;
    const lines = unstorable.map((evil) => line.replace('?', evil)).join('\n');
    const type = { 'Content-Type': 'application/x-ndjson' };
    const { body } = await agent.post('/memory/store/batch', lines, type);

    expect(body.items.map((item: Body) => item.status)).toEqual(Array(6).fill(422));
  });

  it.each([
    ['/tasks/%00', 'id'],
    ['/tasks/a%00b/memories', 'id'],
    ['/memory/tasks/%00/context', 'id'],
    ['/memory/executions/%00', 'memory_id'],
    ['/phases/%00', 'id'],
    ['/phases/%00/can-transition?to=PHASE_DONE', 'id'],
    ['/phases/PHASE_DONE/can-transition?to=%00', 'to'],
    ['/tasks?type=%00', 'type'],
    ['/tasks?phase_id=%00', 'phase_id'],
    ['/memory/executions?agent_id=%00', 'agent_id'],
    ['/memory/executions?task_id=%00', 'task_id'],
    ['/memory/executions?task_type=%00', 'task_type'],
    ['/memory/executions?phase_id=%00', 'phase_id'],
    ['/memory/executions?tags=a&tags=%00', 'tags.1'],
    ['/memory/executions?tools=%00', 'tools'],
  ])('is refused in the address %s', async (path, field) => {
    const answer = await agent.get(path);

    expect([404, 422]).toContain(answer.status);
    if (answer.status === 422) expect(fieldsOf(answer)[0]).toMatch(new RegExp(`^${field}`));
  });

  it.each(['%ED%A0%80', '%FF', '%', '%zz'])('spelled %s in a path cannot be read', async (evil) => {
    for (const path of [`/tasks/${evil}`, `/memory/executions/${evil}`, `/phases/${evil}`]) {
      expectRefusal(await agent.get(path), 400);
    }
  });

  it.each(['%ED%A0%80', '%FF'])('spelled %s in a query does no harm', async (evil) => {
    expect([200, 400, 422]).toContain((await agent.get(`/tasks?type=${evil}`)).status);
  });
});

describe('A body', () => {
  const ROUTES = [
    '/tasks',
    '/tasks/t/transition',
    '/tasks/t/complete',
    '/tasks/t/fail',
    '/memory/store',
    '/memory/store/batch',
    '/memory/search',
    `/memory/executions/${NOBODY}/revoke`,
  ];

  it.each(ROUTES)('that is broken JSON is 400 on %s', async (path) => {
    for (const body of ['{"a": ', '{a: 1}', "{'a': 1}", 'nonsense', '{"a": NaN}', '{"a": "\t"}']) {
      expectRefusal(await agent.post(path, body), 400);
    }
  });

  it.each(ROUTES)('that is missing is 400 on %s', async (path) => {
    expectRefusal(await agent.post(path, undefined), 400);
    expectRefusal(await agent.post(path, ''), 400);
  });

  it.each(ROUTES)('that is no object is 422 on %s', async (path) => {
    for (const body of ['[]', '5', 'null', 'true']) {
      const answer = await agent.post(path, body);
      expect(answer.status).toBe(422);
    }
  });

  it.each(ROUTES)('of another type is 415 on %s', async (path) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await agent.post(path, JSON.stringify(RUN), { 'Content-Type': type });
      expectRefusal(answer, 415);
    }
  });

  it.each(ROUTES)('that nests too deep is 422 on %s', async (path) => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    expect((await agent.post(path, deep)).status).toBe(422);
    expect((await agent.post(path, '['.repeat(90_000))).status).toBeGreaterThanOrEqual(400);
  });

  it('whose own object nests deeper than it can be kept is refused, and the field named', async () => {
    const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const sent = (levels: number): string =>
      `{"error_patterns": ${deep(levels)}, ${JSON.stringify(RUN).slice(1)}`;
    expectRefusal(await agent.post('/memory/store', sent(40)), 422, 'error_patterns');
    const type = { 'Content-Type': 'application/x-ndjson' };
    const { body } = await agent.post('/memory/store/batch', sent(90_000), type);
    expect(body.items[0].status).toBe(422);
  });

  it.each(['1e999', '-1e999'])('with the number %s is refused', async (number) => {
    const rest = JSON.stringify(RUN).slice(1);
    const send = (field: string): Promise<Response> =>
      agent.post('/memory/store', `{${field}, ${rest}`);
    expectRefusal(await send(`"duration_ms": ${number}`), 422, 'duration_ms');
    expectRefusal(await send(`"cost_usd": ${number}`), 422, 'cost_usd');
    const nested = await send(`"error_patterns": {"a": [${number}]}`);
    expectRefusal(nested, 422, 'error_patterns');
    const metadata = `{"type": "x", "metadata": {"a": ${number}}}`;
    expectRefusal(await agent.post('/tasks', metadata), 422, 'metadata');
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty'])(
    'with the unknown field %s is refused, and the field named',
    async (name) => {
      const body = `{"${name}": {"success": false}, ${JSON.stringify(RUN).slice(1)}`;

      expectRefusal(await agent.post('/memory/store', body), 422, name);
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])(
    'with the key %s in its own object keeps it or refuses it',
    async (name) => {
      const other = new Agent(omoi, `key-${name}`);
      await other.post('/tasks', { id: 't', type: 'x' });
      const errors = `{"${name}": {"polluted": "yes"}, "a": {"${name}": "inner"}}`;
      const body = `{"error_patterns": ${errors}, ${JSON.stringify(RUN).slice(1)}`;
      const answer = await other.post('/memory/store', body);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      if (answer.status === 422) return;

      const memory = await other.get(`/memory/executions/${answer.body.memory_id as string}`);
      expect(Object.keys(memory.body.error_patterns as object)).toContain(name);
      expect(JSON.parse(memory.text).error_patterns).toEqual(JSON.parse(errors));
    },
  );
});

describe('An address', () => {
  it.each([
    `/memory/executions/${NOBODY}`,
    '/memory/executions/not-an-id',
    '/tasks/nobody',
    '/tasks/nobody/memories',
    '/memory/tasks/nobody/context',
    '/phases/PHASE_NOWHERE',
  ])('of something that is not there is 404: %s', async (path) => {
    expectRefusal(await agent.get(path), 404);
  });

  it.each([NOBODY, 'not-an-id', 'x'.repeat(200)])(
    'of no memory revokes nothing: %s',
    async (id) => {
      expectRefusal(await agent.post(`/memory/executions/${id}/revoke`, { reason: 'a' }), 404);
    },
  );

  it('of another tenant is 404', async () => {
    const [memory] = await agent.memories();
    const stranger = new Agent(omoi, 'stranger');
    const id = memory.memory_id as string;
    const answers = [
      await stranger.get(`/memory/executions/${id}`),
      await stranger.post(`/memory/executions/${id}/revoke`, { reason: 'Mine' }),
      await stranger.get('/tasks/t'),
      await stranger.get('/tasks/t/memories'),
      await stranger.get('/memory/tasks/t/context'),
      await stranger.post('/tasks/t/complete', { execution_summary: 'Mine' }),
      await stranger.post('/memory/store', { ...RUN }),
    ];

    for (const answer of answers) expectRefusal(answer, 404);
  });

  it.each(['', ' ', 'a b', 'a/b', 'a%', '$service', "a'; drop table tasks", 'é', 'n'.repeat(65)])(
    'asked in the namespace %j is 400',
    async (namespace) => {
      const answer = await agent.get('/tasks', { 'X-Namespace': namespace });

      expectRefusal(answer, 400);
    },
  );

  it.each([
    ['PUT', '/tasks', ['GET', 'POST']],
    ['PATCH', '/tasks/t', ['GET']],
    ['GET', '/memory/search', ['POST']],
    ['GET', '/memory/store', ['POST']],
    ['POST', '/phases/PHASE_DONE', ['GET', 'PUT']],
    ['GET', '/tasks/t/complete', ['POST']],
  ])('that does not take %s %s says what it takes', async (method, path, takes) => {
    const answer = await fetch(`${omoi.url}/api/v1${path}`, { method });
    const allowed = answer.headers.get('allow')?.split(', ') ?? [];

    expect(answer.status).toBe(405);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(allowed).toEqual(expect.arrayContaining(takes));
    expect(allowed).not.toContain(method);
  });

  it.each(['/api/v1/nothing', '/api/v1', '/nothing', '/api/v1/memory', '/api/v2/tasks', '/'])(
    'that does not exist is 404: %s',
    async (path) => {
      const answer = await fetch(`${omoi.url}${path}`);

      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );
});

describe('A list', () => {
  const cursorOf = (keys: unknown): string =>
    Buffer.from(JSON.stringify(keys)).toString('base64url');

  const strange = [
    'nonsense',
    '',
    '%00',
    cursorOf([]),
    cursorOf({}),
    cursorOf(null),
    cursorOf(['2026-01-31T12:00:00Z']),
    cursorOf(['yesterday', NOBODY]),
    cursorOf(['2026-01-31T12:00:00Z', 5]),
    cursorOf(['2026-01-31T12:00:00Z', 'a\u0000b']),
    cursorOf(['0000-01-01T00:00:00Z', NOBODY]),
    cursorOf(['2026-01-31T12:00:00Z', NOBODY, 'more']),
  ];

  it.each(strange)('does not go on from the cursor %j', async (cursor) => {
    for (const path of ['/memory/executions', '/tasks', '/tasks/t/memories']) {
      expectRefusal(await agent.get(`${path}?cursor=${cursor}`), 422, 'cursor');
    }
  });

  it.each(['0', '-1', '101', '1.5', 'ten', '', '1e1', '0x10', '%2010', '9'.repeat(30)])(
    'has no limit of %j',
    async (limit) => {
      for (const path of ['/memory/executions', '/tasks', '/tasks/t/memories']) {
        expectRefusal(await agent.get(`${path}?limit=${limit}`), 422, 'limit');
      }
    },
  );

  it.each([
    ['/tasks?colour=red', 'colour'],
    ['/tasks?type=a&type=b', 'type'],
    ['/tasks?status=done', 'status'],
    ['/tasks?limit=1&limit=2', 'limit'],
    ['/tasks?__proto__=a', '__proto__'],
    ['/tasks/t?colour=red', 'colour'],
    ['/memory/executions?colour=red', 'colour'],
    ['/memory/executions?occurred_from=yesterday', 'occurred_from'],
    ['/memory/executions?occurred_to=2026-13-01T00:00:00Z', 'occurred_to'],
    ['/memory/executions?agent_id=', 'agent_id'],
    ['/phases/PHASE_DONE?colour=red', 'colour'],
  ])('is refused at %s', async (path, field) => {
    expectRefusal(await agent.get(path), 422, field);
  });
});

describe('A search', () => {
  it.each([
    [{ task_description: '' }, 'task_description'],
    [{ task_description: ' \n' }, 'task_description'],
    [{ task_description: undefined }, 'task_description'],
    [{ task_description: ['a'] }, 'task_description'],
    [{ top_k: 0 }, 'top_k'],
    [{ top_k: 21 }, 'top_k'],
    [{ top_k: 1.5 }, 'top_k'],
    [{ top_k: '5' }, 'top_k'],
    [{ similarity_threshold: -0.1 }, 'similarity_threshold'],
    [{ similarity_threshold: 1.1 }, 'similarity_threshold'],
    [{ similarity_threshold: '0.5' }, 'similarity_threshold'],
    [{ success_only: 'yes' }, 'success_only'],
    [{ mode: 'telepathic' }, 'mode'],
    [{ accuracy: 'perfect' }, 'accuracy'],
    [{ diversity: 1.1 }, 'diversity'],
    [{ task_id: ' ' }, 'task_id'],
    [{ explain: 'yes' }, 'explain'],
    [{ filters: [] }, 'filters'],
    [{ filters: { colour: 'red' } }, 'filters.colour'],
    [{ filters: { tags: 'a' } }, 'filters.tags'],
    [{ filters: { occurred_from: 'yesterday' } }, 'filters.occurred_from'],
    [{ colour: 'red' }, 'colour'],
  ])('is refused with %j, and the field named', async (change, field) => {
    const answer = await agent.post('/memory/search', { task_description: 'a', ...change });

    expectRefusal(answer, 422, field);
  });
});

describe('A phase', () => {
  it.each([
    [{ name: undefined }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'n'.repeat(101) }, 'name'],
    [{ sequence_order: undefined }, 'sequence_order'],
    [{ sequence_order: 1.5 }, 'sequence_order'],
    [{ sequence_order: 2 ** 40 }, 'sequence_order'],
    [{ allowed_transitions: 'PHASE_DONE' }, 'allowed_transitions'],
    [{ allowed_transitions: [5] }, 'allowed_transitions.0'],
    [{ is_terminal: 'no' }, 'is_terminal'],
    [{ configuration: [] }, 'configuration'],
    [{ colour: 'red' }, 'colour'],
  ])('is refused with %j, and the field named', async (change, field) => {
    const answer = await agent.put('/phases/P', { name: 'P', sequence_order: 1, ...change });

    expectRefusal(answer, 422, field);
  });

  it.each(['P'.repeat(51), 'P%20Q', '%F0%9F%92%A1'])('cannot be called %s', async (id) => {
    const answer = await agent.put(`/phases/${id}`, { name: 'P', sequence_order: 1 });

    expectRefusal(answer, 422, 'id');
  });

  it('with a configuration larger than can be kept is refused', async () => {
    const configuration = { text: 'a'.repeat(300_000) };
    const answer = await agent.put('/phases/P', { name: 'P', sequence_order: 1, configuration });

    expectRefusal(answer, 422, 'configuration');
  });
});

describe('A time at the end of the calendar', () => {
  const times = [
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '9999-12-31T23:59:59-14:00',
  ];

  it.each(times)('(%s) narrows lists and searches, or is refused', async (time) => {
    const filters = { occurred_to: time };
    const at = encodeURIComponent(time);
    const listed = await agent.get(`/memory/executions?occurred_from=${at}`);
    const searched = await agent.post('/memory/search', { task_description: 'a', filters });

    expect([200, 422]).toContain(listed.status);
    expect([200, 422]).toContain(searched.status);
  });

  it('is kept or refused, and never stops those who read the log', async () => {
    // A service of its own: the others here should not suffer if this stands still.
    const service = await startApp();
    const other = new Agent(service, 'times');
    await other.post('/tasks', { id: 't', type: 'x' });
    const answers = [];
    for (const occurred_at of times) {
      answers.push(await other.post('/memory/store', { ...RUN, occurred_at }));
    }
    const isReady = await eventually(
      () => service.ask('get', '/health/ready'),
      ({ status }) => status === 200,
    ).then(
      () => true,
      () => false,
    );
    const after = await other.memory(await other.remember('After'));
    await service.stop();

    for (const { status } of answers) expect([201, 422]).toContain(status);
    expect(isReady).toBe(true);
    expect(after.execution_summary).toBe('After');
  });
});
