import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { Settings } from '../../../src/config/index.js';
import { Database, type Role, type Sql } from '../../../src/database/index.js';
import { poolOf } from '../../../src/database/orm.js';
import { Embedder, textKey } from '../../../src/embedding/index.js';
import { EventStore, Followers } from '../../../src/event-store/index.js';
import { PendingVectors } from '../../../src/memory/read-model/pending-vectors.js';
import { VectorTable } from '../../../src/memory/read-model/vector-table.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { OpenAiServer, says } from '../embedding/openai-server.js';
import { HeldReply } from './held-reply.js';
import { WHO_WAITS } from './who-waits.js';

const TABLE = 'memory_embedding_text_embedding_3_small';

describe('The vector of a memory', () => {
  let server: OpenAiServer;
  let url: string;
  let database: TestDatabase;
  let omoi: RunningApp;
  let agent: Agent;

  const start = async (): Promise<void> => {
    omoi = await startApp({
      ...database.env,
      EMBEDDING_PROVIDER: 'openai',
      OPENAI_API_KEY: 'sk-very-secret',
      OPENAI_BASE_URL: url,
    });
    agent = new Agent(omoi, 'default');
  };
  beforeEach(async () => {
    server = new OpenAiServer();
    url = await server.open();
    database = await freshDatabase();
    await start();
  });
  afterEach(async () => {
    await omoi.stop();
    await server.close();
    await database.drop();
  });

  /** What was asked of the model, but for the question with which an agent waits. */
  const inputs = (): string[] =>
    server.asked.flatMap(({ input }) => input).filter((text) => text !== 'nobodysaidthis');
  const rows = <Row extends object>(statement: string): Promise<Row[]> =>
    omoi.app.get(Database).as('omoi_projector', (sql) => sql.query<Row>(statement));
  const bytes = async (): Promise<string[]> =>
    (
      await rows<{ emb: string }>(`select encode(${sendOf()}(space.emb), 'hex') as emb
                                     from ${TABLE} as space order by space.task_id`)
    ).map(({ emb }) => emb);
  const sendOf = (): string => (isServer ? 'halfvec_send' : 'vector_send');

  it('is made once for a text that is stored twice, and is the same bytes', async () => {
    await agent.remember('Implemented the login', { task_id: 'a' });
    await agent.embedded();
    await agent.remember('Implemented the login', { task_id: 'b' });
    await agent.embedded();

    expect(inputs()).toEqual(['Implemented the login']);
    const [one, other] = await bytes();
    expect(other).toBe(one);
  });

  it('is made once for a text that comes many times at once', async () => {
    const executions = Array.from({ length: 40 }, (_, n) => ({
      task_id: String(n),
      task: { type: 'demo' },
      execution_summary: 'Implemented the login',
      success: true,
    }));
    await agent.post('/memory/store/batch', { executions });
    await agent.embedded();

    expect(inputs()).toEqual(['Implemented the login']);
    expect(new Set(await bytes()).size).toBe(1);
    expect(await bytes()).toHaveLength(40);
  });

  it('is taken from the cache after a restart, also for the same text in another form', async () => {
    await agent.remember('Caf\u00e9 mended', { task_id: 'a' });
    await agent.embedded();
    await omoi.stop();
    await start();
    await agent.remember('Cafe\u0301 mended', { task_id: 'b' });
    await agent.embedded();

    expect(inputs()).toEqual(['Caf\u00e9 mended']);
    const [one, other] = await bytes();
    expect(other).toBe(one);
  });

  it('is of the description and the summary, and another one for another description', async () => {
    for (const [task_id, description] of [
      ['a', null],
      ['b', 'Mend the login'],
    ]) {
      await agent.remember('Done', { task_id, task: { type: 'demo', description } });
    }
    await agent.embedded();

    expect(inputs().sort()).toEqual(['Done', 'Mend the login\nDone']);
  });

  it('is never made of a memory that was revoked while it was', async () => {
    const held = new HeldReply(sayOne);
    server.replies.push(held.reply);
    const id = await agent.remember('Implemented the login');
    await held.asked;
    await agent.post(`/memory/executions/${id}/revoke`, { reason: 'wrong' });
    await settled();
    held.letGo();
    const other = await agent.remember('Implemented the logout');
    await eventually(
      () => agent.memory(other),
      (memory) => memory.has_embedding as boolean,
    );

    expect(await agent.memory(id)).toMatchObject({
      status: 'revoked',
      has_embedding: false,
      embedding: { status: 'none' },
    });
    expect(await bytes()).toHaveLength(1);
    expect(await rows('select 1 from es.embedding_cache as cache')).toHaveLength(1);
    expect(await rows('select 1 from embedding_pending_text_embedding_3_small as pending')).toEqual(
      [],
    );
  });

  it('goes when its memory is revoked', async () => {
    const id = await agent.remember('Implemented the login');
    await agent.embedded();
    await agent.post(`/memory/executions/${id}/revoke`, { reason: 'wrong' });
    await settled();

    expect(await bytes()).toEqual([]);
    expect(await agent.memory(id)).toMatchObject({ has_embedding: false });
  });

  // Only a server has two connections that could meet.
  if (isServer) {
    it('does not stay when it is written in the moment of the revocation', async () => {
      const held = new HeldReply(sayOne);
      server.replies.push(held.reply);
      const id = await agent.remember('Implemented the login');
      await held.asked;
      const slow = await SlowToCommit.on(omoi);
      const embedder = omoi.app.get(Embedder);
      const settings = new Settings({ ...database.env });
      const pending = new PendingVectors(slow, new VectorTable(settings, slow, embedder.profile));
      const writing = pending.settle([
        {
          memory: {
            namespace: 'default',
            memory_id: id,
            task_id: 'Implemented the login',
            attempts: 1,
            text_sha256: textKey('Implemented the login'),
            description: null,
            execution_summary: 'Implemented the login',
          },
          embedding: { vector: Float32Array.from({ length: 1536 }, () => 0.1), truncated: false },
        },
      ]);
      await slow.written;
      await agent.post(`/memory/executions/${id}/revoke`, { reason: 'wrong' });
      await eventually(
        () => rows(WHO_WAITS),
        (waiting) => waiting.length > 0,
      );
      slow.commit();
      await writing;
      held.letGo();
      await settled();

      expect(await agent.memory(id)).toMatchObject({ status: 'revoked', has_embedding: false });
      expect(await bytes()).toEqual([]);
    });
  }

  const settled = async (): Promise<void> => {
    const head = await omoi.app.get(EventStore).head();
    await eventually(
      () => Promise.resolve(omoi.app.get(Followers).states()),
      (states) => states.every(({ checkpoint }) => checkpoint >= head),
    );
  };
});

const sayOne = says(200, {
  object: 'list',
  data: [
    { object: 'embedding', index: 0, embedding: Array.from({ length: 1536 }, (_, at) => at + 1) },
  ],
});

/** A database that waits before each commit until it is told to. */
class SlowToCommit extends Database {
  static async on({ app }: RunningApp): Promise<SlowToCommit> {
    return new SlowToCommit(await poolOf(app.get(MikroORM)));
  }

  commit: () => void = () => undefined;
  private isWritten: () => void = () => undefined;
  readonly written = new Promise<void>((resolve) => {
    this.isWritten = resolve;
  });
  private readonly told = new Promise<void>((resolve) => {
    this.commit = resolve;
  });

  override as<Result>(
    role: Exclude<Role, 'omoi_app'>,
    work: (sql: Sql) => Promise<Result>,
  ): Promise<Result> {
    return super.as(role, async (sql) => {
      const result = await work(sql);
      this.isWritten();
      await this.told;
      return result;
    });
  }
}
