import { request, type ClientRequest, type ServerResponse } from 'node:http';
import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { modelProcess } from './model-process.js';

const MANY = 40;

describe('Searches and contexts whose clients left', () => {
  let omoi: RunningApp;
  let agent: Agent;

  beforeAll(async () => {
    omoi = await startApp();
    agent = new Agent(omoi, 'default');
  });
  afterAll(() => omoi.stop());

  it('are no work for the model', async () => {
    await agent.remember('Implemented the login', { task_id: 'login' });
    await agent.embedded();
    const known = await eventually(textsRead, (texts) => texts === 2);
    const model = modelProcess();
    kill(model, 'SIGSTOP');
    await leaveAll([
      ...Array.from({ length: MANY }, (_, n) => search(`something else ${String(n)}`)),
      send('GET', '/memory/tasks/login/context?record=false'),
      send('GET', '/memory/tasks/login/context'),
    ]);
    const asked = agent.search('user authentication', { similarity_threshold: 0 });
    kill(model, 'SIGCONT');

    expect((await asked).items).toHaveLength(1);
    expect(await eventually(textsRead, (texts) => texts > known)).toBe(known + 1);
  });

  const search = (task_description: string): ClientRequest =>
    send('POST', '/memory/search', { task_description });

  function send(method: string, path: string, body?: object): ClientRequest {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request(`${omoi.url}/api/v1${path}`, { method, agent: false, headers });

    return sent.end(body && JSON.stringify(body));
  }

  /** Ends these as soon as the service has begun with them all, and waits until it knows. */
  async function leaveAll(clients: readonly ClientRequest[]): Promise<void> {
    const server = omoi.app.getHttpServer();
    let [begun, left] = [0, 0];
    const follow = (_request: unknown, response: ServerResponse): void => {
      begun += 1;
      response.on('close', () => (left += 1));
    };
    server.on('request', follow);
    await eventually(
      () => Promise.resolve(begun),
      (some) => some >= clients.length,
    );
    server.off('request', follow);
    await agent.memories();
    for (const client of clients) client.on('error', () => undefined).destroy();
    await eventually(
      () => Promise.resolve(left),
      (some) => some >= clients.length,
    );
  }

  async function textsRead(): Promise<number> {
    const { body } = await agent.get('/admin/embeddings');

    return (body.spend as { texts: number }[]).reduce((sum, { texts }) => sum + texts, 0);
  }
});
