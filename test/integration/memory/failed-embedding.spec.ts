import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventBus } from '@nestjs/cqrs';
import type { Response } from 'supertest';
import { MemoryEmbeddingFailed } from '../../../src/memory/index.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import {
  breaksOff,
  OpenAiServer,
  says,
  type EmbeddingRequest,
  type Reply,
} from '../embedding/openai-server.js';
import { HeldReply } from './held-reply.js';

/** A refusal that the client is told not to repeat by itself. */
const refuses = (status: number): Reply =>
  says(status, { error: { message: 'no' } }, { 'x-should-retry': 'false' });

const embeds: Reply = (response, request) => {
  const data = request.input.map((_text, index) => ({
    object: 'embedding',
    index,
    embedding: Array.from({ length: 1536 }, (_, at) => at + 1),
  }));

  return says(200, { object: 'list', data })(response, request);
};

describe('An embedding server that fails', () => {
  let server: OpenAiServer;
  let omoi: RunningApp;
  let agent: Agent;
  let failed: MemoryEmbeddingFailed[];

  beforeEach(async () => {
    server = new OpenAiServer();
    omoi = await startApp({
      EMBEDDING_PROVIDER: 'openai',
      OPENAI_API_KEY: 'sk-very-secret',
      OPENAI_BASE_URL: await server.open(),
    });
    agent = new Agent(omoi, 'default');
    failed = [];
    omoi.app.get(EventBus).subscribe((event) => {
      if (event instanceof MemoryEmbeddingFailed) failed.push(event);
    });
  });
  afterEach(async () => {
    await omoi.stop();
    await server.close();
  });

  const statusOf = async (id: string): Promise<string> =>
    (await agent.memory(id)).embedding.status as string;
  const reaches = (id: string, status: string): Promise<string> =>
    eventually(
      () => statusOf(id),
      (found) => found === status,
    );
  const search = (): Promise<Response> =>
    agent.post('/memory/search', { task_description: 'login', similarity_threshold: 0 });
  const inputs = (): string[] => server.asked.flatMap(({ input }: EmbeddingRequest) => input);

  it.each([
    ['answers 500', refuses(500)],
    ['answers 429', refuses(429)],
    ['refuses the key', refuses(401)],
    ['answers nonsense', says(200, { data: [] })],
  ])('and %s loses nothing: what was stored gets its vector later', async (_how, reply) => {
    const again = new HeldReply(embeds);
    server.replies.push(reply, again.reply);
    const id = await agent.remember('Implemented the login');
    await reaches(id, 'failed');

    expect(await agent.memory(id)).toMatchObject({
      execution_summary: 'Implemented the login',
      has_embedding: false,
      embedding: { status: 'failed', dimensions: 1536 },
    });
    await eventually(
      () => Promise.resolve(failed.length),
      (count) => count > 0,
    );
    expect(failed).toMatchObject([
      {
        namespace: 'default',
        data: { memory_id: id, task_id: 'Implemented the login', code: 'embedding.failed' },
      },
    ]);

    again.letGo();
    await reaches(id, 'ready');
    expect(await agent.memory(id)).toMatchObject({
      has_embedding: true,
      embedding_dimensions: 1536,
      embedding: {
        status: 'ready',
        dimensions: 1536,
        model_key: 'text-embedding-3-small@1536/float/hosted/8191',
      },
    });
    expect(failed).toHaveLength(1);
    expect((await search()).body.items).toMatchObject([{ memory_id: id }]);
  });

  it('and breaks off, is asked again at once', async () => {
    server.replies.push(breaksOff);
    const id = await agent.remember('Implemented the login');
    await reaches(id, 'ready');

    expect(failed).toEqual([]);
    expect(inputs()).toEqual(['Implemented the login', 'Implemented the login']);
  });

  it('leaves what it has not answered yet pending', async () => {
    const [held, again] = [new HeldReply(refuses(500)), new HeldReply(embeds)];
    // The second is the search's.
    server.replies.push(held.reply, embeds, again.reply);
    const id = await agent.remember('Implemented the login');
    await held.asked;
    expect(await agent.memory(id)).toMatchObject({
      has_embedding: false,
      embedding: { status: 'pending', truncated: null },
    });
    const { body } = await agent.post('/memory/search', { task_description: 'authentication' });
    expect(body).toMatchObject({
      items: [],
      reason: expect.stringMatching(/^No memory fits: .* Some memories have no vector yet\.$/),
    });

    held.letGo();
    expect(await reaches(id, 'failed')).toBe('failed');
    again.letGo();
    expect(await reaches(id, 'ready')).toBe('ready');
  });

  it('costs a search a clear refusal, and nothing else', async () => {
    const again = new HeldReply(embeds);
    // Whichever asks first: the search, or who tries the memory again.
    const reply: Reply = (response, request) => {
      server.replies.push(reply);
      return (request.input.includes('login') ? refuses(429) : again.reply)(response, request);
    };
    server.replies.push(refuses(500), reply);
    const id = await agent.remember('Implemented the login');
    await reaches(id, 'failed');
    const { status, headers, body } = await search();

    expect([status, headers['retry-after'], body.code]).toEqual([503, '2', 'embedding.failed']);
    expect(JSON.stringify(body)).not.toContain('sk-very');
    expect((await agent.get('/memory/executions')).body.items).toHaveLength(1);

    server.replies.length = 0;
    again.letGo();
    await reaches(id, 'ready');
    expect((await search()).body.items).toMatchObject([{ memory_id: id, reused_count: 0 }]);
  });

  it('on one text of several holds back that one alone', async () => {
    const poison: Reply = (response, request) => {
      server.replies.push(poison);
      const isPoisoned = request.input.includes('Poison');

      return isPoisoned ? refuses(500)(response, request) : embeds(response, request);
    };
    server.replies.push(poison);
    const summaries = ['First', 'Poison', 'Third'];
    const executions = summaries.map((execution_summary) => ({
      task_id: 't-1',
      task: { type: 'demo' },
      success: true,
      execution_summary,
    }));
    const { body } = await agent.post('/memory/store/batch', { executions });
    const ids = (body.items as { memory_id: string }[]).map(({ memory_id }) => memory_id);

    for (const id of [ids[0] ?? '', ids[2] ?? '']) expect(await reaches(id, 'ready')).toBe('ready');
    expect(await reaches(ids[1] ?? '', 'failed')).toBe('failed');
  });

  it('and never answers, does not keep the service from stopping', async () => {
    const held = new HeldReply(refuses(500));
    server.replies.push(held.reply);
    await agent.remember('Implemented the login');
    await held.asked;
    // Nobody waits for an answer longer than a minute.
    const late = AbortSignal.timeout(40_000);
    const ending = omoi.app.close().then(() => 'it stopped');
    const ended = await Promise.race([
      ending,
      once(late, 'abort').then(() => 'it went on waiting for an answer'),
    ]);
    held.letGo();
    await ending;

    expect(ended).toBe('it stopped');
  });
});
