import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from '../../src/http/index.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import type { Body } from './agent.js';

let omoi: RunningApp;

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

describe('A running service', () => {
  it('says that it lives', async () => {
    const { status, body } = await omoi.ask('get', '/health/live');

    expect([status, body]).toEqual([200, { status: 'live' }]);
  });

  it('says that it is ready, and how far everybody has read', async () => {
    // It listens before everybody has looked at the log.
    const { body } = await eventually(
      () => omoi.ask('get', '/health/ready'),
      ({ status }) => status === 200,
    );
    const names = body.projections.map((projection: Body) => projection.name as string);

    expect(body.status).toBe('ready');
    expect(body.model_key).toContain('MiniLM');
    expect(body.position).toBeGreaterThanOrEqual(8);
    expect(names).toEqual(expect.arrayContaining(['phases', 'tasks', 'task-memories']));
  });

  it('has its health outside the prefix only', async () => {
    expect((await fetch(`${omoi.url}/api/v1/health/live`)).status).toBe(404);
    expect((await fetch(`${omoi.url}/health`)).status).toBe(404);
    expect((await fetch(`${omoi.url}/tasks`)).status).toBe(404);
  });

  it('shows its document to people and to programs', async () => {
    const page = await fetch(`${omoi.url}/docs`);
    const document = await fetch(`${omoi.url}/docs-json`);

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('swagger-ui');
    expect(document.status).toBe(200);
    expect(await document.json()).toEqual(JSON.parse(JSON.stringify(describeApi(omoi.app))));
  });

  it('documents every route of the contract, those about memory under the tag "memory"', async () => {
    const { paths } = (await (await fetch(`${omoi.url}/docs-json`)).json()) as Body;
    const routes = Object.entries(paths as object).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    );

    expect(routes).toEqual(
      expect.arrayContaining([
        'post /api/v1/tasks',
        'get /api/v1/tasks',
        'get /api/v1/tasks/{}',
        'get /api/v1/tasks/{}/memories',
        'post /api/v1/tasks/{}/transition',
        'post /api/v1/tasks/{}/complete',
        'post /api/v1/tasks/{}/fail',
        'get /api/v1/phases',
        'get /api/v1/phases/{}',
        'put /api/v1/phases/{}',
        'get /api/v1/phases/{}/can-transition',
        'post /api/v1/memory/store',
        'post /api/v1/memory/store/batch',
        'post /api/v1/memory/search',
        'get /api/v1/memory/executions',
        'get /api/v1/memory/executions/{}',
        'post /api/v1/memory/executions/{}/revoke',
        'get /api/v1/memory/tasks/{}/context',
        'get /health/live',
        'get /health/ready',
      ]),
    );
    expect(paths['/api/v1/memory/store'].post.tags).toEqual(['memory']);
  });
});

describe('A request id', () => {
  const answers = [
    ['get', '/health/live', 200],
    ['get', '/api/v1/tasks', 200],
    ['get', '/api/v1/tasks/nobody', 404],
    ['post', '/api/v1/tasks', 400],
  ] as const;

  it.each(answers)('is said back by %s %s', async (method, path, status) => {
    const answer = await omoi.ask(method, path, { headers: { 'X-Request-Id': 'mine-1' } });

    expect([answer.status, answer.headers['x-request-id']]).toEqual([status, 'mine-1']);
    if (status >= 400) expect(answer.body.request_id).toBe('mine-1');
  });

  it.each(answers)('is made up where %s %s came without', async (method, path, status) => {
    const [one, two] = [await omoi.ask(method, path), await omoi.ask(method, path)];

    expect([one.status, two.status]).toEqual([status, status]);
    expect(one.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.headers['x-request-id']).not.toBe(two.headers['x-request-id']);
  });

  it('is said back by an address that does not exist', async () => {
    const headers = { 'X-Request-Id': 'mine-2' };
    const answer = await fetch(`${omoi.url}/nothing`, { headers });

    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([404, 'mine-2']);
  });
});
