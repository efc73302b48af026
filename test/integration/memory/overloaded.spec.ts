import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Embedder } from '../../../src/embedding/index.js';
import { Agent } from '../../e2e/agent.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { modelProcess } from './model-process.js';

const MOST_WAITING = 5_000;

describe('A model that is asked for too much', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('costs a search a refusal that says when to come back, and nothing else', async () => {
    const agent = new Agent(omoi, 'default');
    const id = await agent.remember('Implemented the login');
    await agent.embedded();
    const leaving = new AbortController();
    const model = modelProcess();
    kill(model, 'SIGSTOP');
    // One is read, and so many wait.
    const texts = Array.from({ length: MOST_WAITING + 1 }, (_, n) => `text ${String(n)}`);
    const flood = omoi.app.get(Embedder).embed(texts, {
      priority: 'query',
      signal: leaving.signal,
    });
    const called = expect(flood).rejects.toThrow('gone');
    const { status, headers, body } = await agent.post('/memory/search', {
      task_description: 'user authentication',
    });
    const stored = await agent.post('/memory/store', {
      task_id: 'meanwhile',
      task: { type: 'demo' },
      execution_summary: 'Stored meanwhile',
      success: true,
    });

    expect([status, headers['retry-after'], body.code]).toEqual([503, '2', 'embedding.overloaded']);
    expect(stored.status).toBe(201);

    leaving.abort(new Error('gone'));
    await called;
    kill(model, 'SIGCONT');
    const { items } = await agent.search('Login', { similarity_threshold: 0, top_k: 1 });
    expect(items).toMatchObject([{ memory_id: id }]);
    await agent.embedded();
  });
});
