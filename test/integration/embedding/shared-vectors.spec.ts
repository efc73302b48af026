import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Database } from '../../../src/database/index.js';
import { sharedKey, SharedVectors } from '../../../src/embedding/cache/shared-vectors.js';
import { SharingEmbedder } from '../../../src/embedding/cache/sharing-embedder.js';
import { HashingEmbedder, textKey } from '../../../src/embedding/index.js';
import { anEmbedder } from '../../contract/embedder.contract.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { HeldReply } from '../memory/held-reply.js';
import { answers, OpenAiServer } from './openai-server.js';

/** Of the package of that name. */
const PROGRAM = 'redis-server';
// Without it this fails, and says so: what was not looked at has not passed.
execFileSync(PROGRAM, ['--version']);

/** Below those that the system gives to whoever wants any: nobody else gets it while Redis is away. */
async function freePort(port = 20_000 + (process.pid % 10_000)): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();

  return isFree ? port : freePort(port + 1);
}

/** A Redis of its own, which may be stopped and started as often as one likes. */
class RedisServer {
  private child: ChildProcess | null = null;

  constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''];
    this.child = spawn(PROGRAM, [...options, '--dir', this.folder], { stdio: 'ignore' });
    const client = new Redis(this.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    client.disconnect();
  }

  async stop(): Promise<void> {
    if (!this.child) return;
    this.child.kill();
    await once(this.child, 'exit');
    this.child = null;
  }
}

/** Counts what it is asked. */
class Counting extends HashingEmbedder {
  readonly asked: string[] = [];

  override embed(texts: readonly string[]): ReturnType<HashingEmbedder['embed']> {
    this.asked.push(...texts);
    return super.embed(texts);
  }
}

describe('Vectors in a Redis', () => {
  let folder: string;
  let redis: RedisServer;
  let client: Redis;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'omoi-redis-'));
    redis = new RedisServer(await freePort(), folder);
    await redis.start();
    client = new Redis(redis.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const opened: SharedVectors[] = [];
  const shared = (): SharedVectors => {
    const one = new SharedVectors(redis.url);
    opened.push(one);
    return one;
  };
  afterAll(() => {
    opened.forEach((one) => {
      one.close();
    });
  });

  anEmbedder(() => new SharingEmbedder(new HashingEmbedder(), shared()));

  /** Asks until nothing is asked of the model any more. */
  const isShared = (embedder: SharingEmbedder, model: Counting): Promise<number> =>
    eventually(
      async () => {
        const before = model.asked.length;
        await embedder.embed(['a login page'], { priority: 'query' });
        return model.asked.length - before;
      },
      (asked) => asked === 0,
    );

  it('are the same bytes for another process, which asks no model', async () => {
    const [one, other] = [new Counting(), new Counting()];
    await isShared(new SharingEmbedder(one, shared()), one);
    const there = new SharingEmbedder(other, shared());
    await isShared(there, other);
    const options = { priority: 'query' } as const;
    let isNew = 0;
    // A Redis that answers late is not waited for.
    const embeddings = await eventually(
      () => {
        other.asked.length = 0;
        isNew += 1;
        return there.embed([`something new ${String(isNew)}`, 'a login page'], options);
      },
      () => !other.asked.includes('a login page'),
    );

    expect(other.asked).toEqual([`something new ${String(isNew)}`]);
    expect(embeddings).toEqual(await one.embed([`something new ${String(isNew)}`, 'a login page']));
    expect(await client.ttl(String((await client.keys('omoi:*'))[0]))).toBeGreaterThan(600_000);
  });

  it('are missed and nothing else while it is away, and are there again when it is', async () => {
    const model = new Counting();
    const embedder = new SharingEmbedder(model, shared());
    await isShared(embedder, model);
    await redis.stop();
    const begin = performance.now();
    for (const n of [1, 2, 3]) {
      const [found] = await embedder.embed([`away ${String(n)}`], { priority: 'query' });
      expect(found?.vector).toHaveLength(64);
    }
    expect(performance.now() - begin).toBeLessThan(1_000);
    await redis.start();
    await isShared(embedder, model);
  });

  describe('before a service', () => {
    let server: OpenAiServer;
    let omoi: RunningApp;
    let agent: Agent;

    beforeAll(async () => {
      server = new OpenAiServer();
      omoi = await startApp({
        EMBEDDING_PROVIDER: 'openai',
        EMBEDDING_MODEL: 'plain',
        OPENAI_API_KEY: 'key',
        OPENAI_BASE_URL: await server.open(),
        REDIS_URL: redis.url,
      });
      agent = new Agent(omoi, 'default');
    });
    afterAll(async () => {
      await omoi.stop();
      await server.close();
    });

    const keyOf = (text: string): string => sharedKey('plain@64/float/hosted/8191', textKey(text));
    const keys = (): Promise<string[]> => client.keys('omoi:embedding:plain@*');
    const kept = async (): Promise<number> => (await keys()).length;

    const forgotten = (): Promise<object[]> =>
      omoi.app
        .get(Database)
        .as('omoi_projector', (sql) => sql.query('select 1 from es.embedding_forgotten as text'));

    it('go with a text that is erased while the model reads it', async () => {
      const held = new HeldReply(answers);
      server.replies.push(held.reply);
      const id = await agent.remember('Mended in vain');
      await held.asked;
      await agent.delete(`/memory/executions/${id}`);
      await eventually(forgotten, (texts) => texts.length === 0);
      held.letGo();
      await agent.remember('Mended after that');
      await eventually(keys, (found) => found.includes(keyOf('Mended after that')));

      await eventually(keys, (found) => found.join() === keyOf('Mended after that'));
      await client.flushall();
    });

    it('go with the texts that are erased, also when it was away meanwhile', async () => {
      const [first, second] = [
        await agent.remember('Mended one'),
        await agent.remember('Mended two'),
      ];
      await eventually(kept, (count) => count === 2);
      await agent.delete(`/memory/executions/${first}`);
      await eventually(kept, (count) => count === 1);

      await client.config('SET', 'save', '3600 1');
      await client.save();
      await redis.stop();
      await agent.delete(`/memory/executions/${second}`);
      expect(await agent.remember('Stored while it is away')).toHaveLength(36);
      await redis.start();
      await eventually(kept, (count) => count === 0);
    });
  });
});
