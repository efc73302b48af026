import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedDatabase } from '../../../src/database/embedded/embedded-database.js';
import { Database } from '../../../src/database/index.js';
import { Models } from '../../../src/embedding/index.js';
import { Followers } from '../../../src/event-store/index.js';
import { SpaceKeeper } from '../../../src/memory/migrate-embeddings/space-keeper.js';
import { SpaceModels } from '../../../src/memory/migrate-embeddings/space-models.js';
import { EmbeddingMigrationsTable } from '../../../src/memory/read-model/embedding-migrations.table.js';
import { Spaces } from '../../../src/memory/read-model/spaces.js';
import { Agent, fieldsOf, type Body } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { answers as embeds, OpenAiServer, says, type Reply } from '../embedding/openai-server.js';
import { HeldReply } from './held-reply.js';
import { WHO_WAITS } from './who-waits.js';

const MEMORIES = 240;
const PLAIN = 'plain@64/float/hosted/8191';
const OTHER = 'other@64/float/hosted/8191';
const TURNED = 'turned@64/float/hosted/8191';
const DAY_MS = 86_400_000;
/** Half precision on a server. */
const THE_SAME = 0.999;

describe('A change of the embedding model', () => {
  let server: OpenAiServer;
  let url: string;
  let database: TestDatabase;
  let omoi: RunningApp;
  let agent: Agent;
  /** Further processes over the same database. */
  const others: RunningApp[] = [];

  const start = async (model = 'plain', key = 'sk-very-secret'): Promise<RunningApp> =>
    startApp({
      ...database.env,
      EMBEDDING_PROVIDER: 'openai',
      EMBEDDING_MODEL: model,
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: url,
    });
  beforeEach(async () => {
    server = new OpenAiServer();
    url = await server.open();
    database = await freshDatabase();
    omoi = await start();
    agent = new Agent(omoi, 'default');
  });
  const another = async (key?: string): Promise<RunningApp> => {
    const other = await start('plain', key);
    others.push(other);
    return other;
  };
  afterEach(async () => {
    for (const other of others.splice(0)) await other.stop();
    await omoi.stop();
    await server.close();
    await database.drop();
  });

  const rows = <Row extends object>(statement: string): Promise<Row[]> =>
    omoi.app.get(Database).as('omoi_projector', (sql) => sql.query<Row>(statement));
  const counted = async (table: string): Promise<number> =>
    Number((await rows<{ count: string }>(`select count(*) as count from ${table}`))[0]?.count);
  const tables = async (): Promise<string[]> =>
    (
      await rows<{ name: string }>(
        `select tablename as name from pg_tables where tablename like 'memory\\_embedding\\_%' order by 1`,
      )
    ).map(({ name }) => name);

  /** While no service runs. */
  const asSuperuser = async (statement: string): Promise<void> => {
    const { DATABASE_URL: url = null, DATA_DIR: folder = '' } = database.env;
    const embedded = url === null ? new EmbeddedDatabase(folder) : null;
    await embedded?.start();
    const client = new Client(embedded ? embedded.address : { connectionString: String(url) });
    await client.connect();
    await client.query(statement);
    await client.end();
    await embedded?.stop();
  };

  const textOf = (n: number): string =>
    `Work number ${String(n)} on part p${String(n % 17)} of q${String(n * 7)}`;
  const fill = async (count = MEMORIES): Promise<void> => {
    const executions = Array.from({ length: count }, (_, n) => ({
      task_id: `before-${String(n)}`,
      task: { type: 'demo' },
      execution_summary: textOf(n),
      success: true,
    }));
    await agent.post('/memory/store/batch', { executions });
    await haveVectors(count, 'plain');
  };
  const haveVectors = (count: number, model: string): Promise<number> =>
    eventually(
      () => counted(`memory_embedding_${model}`),
      (found) => found === count,
    );
  const begin = async (asked: object = {}): Promise<string> => {
    const answer = await agent.post('/admin/embeddings/migrate', { model: 'turned', ...asked });
    expect([answer.status, answer.body]).toEqual([202, { migration_id: expect.any(String) }]);
    return answer.body.migration_id as string;
  };
  const migration = async (id: string): Promise<Body> =>
    (await agent.get(`/admin/embeddings/migrations/${id}`)).body;
  const reached = (id: string, status: string): Promise<Body> =>
    eventually(
      () => migration(id),
      (now) => now.status === status,
    );
  const state = async (): Promise<Body> => (await agent.get('/admin/embeddings')).body;

  /** Searches for what is stored, and stores, without a pause; notes what it was answered. */
  const load = async (reader: number, found: Body[], isOver: () => boolean): Promise<void> => {
    for (let n = reader; !isOver(); n += 7) {
      if (n % 3 === 0)
        await agent.remember(`Stored meanwhile ${String(reader)} ${String(n)} r${String(n * 5)}`);
      const asked = textOf(n % MEMORIES);
      const answer = await agent.post('/memory/search', {
        task_description: asked,
        mode: 'semantic',
        top_k: 1,
      });
      found.push({ status: answer.status, asked, ...answer.body });
      const context = await agent.get(`/memory/tasks/before-${String(n % MEMORIES)}/context`);
      found.push({ status: context.status });
    }
  };

  it('is noticed by nobody who searches and stores meanwhile', async () => {
    await fill();
    server.pauseMs = 25;
    let isOver = false;
    const answers: Body[] = [];
    const working = [1, 2, 3].map((reader) => load(reader, answers, () => isOver));
    const foundIn = (model: string): Promise<number> =>
      eventually(
        () => Promise.resolve(answers.filter(({ model_key }) => model_key === model).length),
        (count) => count >= 10,
      );
    await foundIn(PLAIN);
    const id = await begin();
    await reached(id, 'switched');
    await foundIn(TURNED);
    isOver = true;
    await Promise.all(working);

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const searches = answers.filter(({ asked }) => asked !== undefined);
    // The two spaces have the same texts elsewhere: one vector among those of the other finds nothing so near.
    const wrong = searches.filter(
      ({ asked, items }) => items[0]?.summary !== asked || items[0].similarity_score < THE_SAME,
    );
    expect(wrong).toEqual([]);

    const now = await state();
    expect(now).toMatchObject({
      model_key: TURNED,
      migration: { migration_id: id, from: PLAIN, to: TURNED, status: 'switched', percent: 100 },
    });
    expect(now.models).toMatchObject([
      { model_key: TURNED, status: 'active', dimensions: 64, search_threshold: 0.25 },
      { model_key: PLAIN, status: 'retired' },
    ]);
    await haveVectors(await counted('task_memories'), 'turned');
    const [memory] = await agent.memories('?limit=1');
    expect(memory.embedding).toMatchObject({ model_key: TURNED, status: 'ready' });
    const events = await rows<{ namespace: string; data: Body }>(
      `select event.namespace, event.data from es.event as event where event.type = 'embedding.model_changed'`,
    );
    expect(events).toMatchObject([
      { namespace: '$service', data: { migration_id: id, from: PLAIN, to: TURNED } },
    ]);
  });

  it('says how far it has come', async () => {
    await fill(100);
    const second = new HeldReply(embeds);
    let batches = 0;
    const reply: Reply = async (response, request) => {
      server.replies.push(reply);
      if (request.input.length > 1) batches += 1;
      await (batches === 2 ? second.reply : embeds)(response, request);
    };
    server.replies.push(reply);
    const id = await begin();
    const { done, total, percent, status } = await eventually(
      () => migration(id),
      (now) => now.percent > 0,
    );
    expect({ total, percent, status }).toEqual({ total: 100, percent: done, status: 'filling' });
    expect(percent).toBeLessThan(100);
    second.letGo();
    expect(await reached(id, 'switched')).toMatchObject({ done: 100, percent: 100 });
  });

  it('is refused while another is under way, for the model that is asked, and for one that is not there', async () => {
    await agent.remember('Mended the login');
    await agent.embedded();
    const id = await begin({ switch: false });
    await reached(id, 'ready');
    const answers = [
      await agent.post('/admin/embeddings/migrate', { model: 'third' }),
      await agent.post(`/admin/embeddings/migrations/${id}/drop`, {}),
      await agent.post(`/admin/embeddings/migrations/${id}/cancel`, {}),
      await agent.post('/admin/embeddings/migrate', { model: 'plain' }),
      await agent.post('/admin/embeddings/migrate', { model: 'Plain' }),
      await agent.post('/admin/embeddings/migrate', { provider: 'local', model: 'models/none' }),
      await agent.post(`/admin/embeddings/migrations/${id}/switch`, {}),
    ];
    server.replies.push(says(401, {}), says(401, {}));
    answers.push(
      await agent.post('/admin/embeddings/migrate', { model: 'text-embedding-3-small' }),
    );

    expect(answers.map(({ status, body }) => [status, body.code ?? body.status])).toEqual([
      [409, 'embedding.migration_running'],
      [409, 'embedding.nothing_to_drop'],
      [200, 'cancelled'],
      [422, 'embedding.model_is_active'],
      [422, 'embedding.name_taken'],
      [422, 'embedding.model_unavailable'],
      [409, 'embedding.migration_over'],
      [422, 'embedding.model_unavailable'],
    ]);
    expect(answers.slice(3, 6).map(fieldsOf)).toEqual([['model'], ['model'], ['model']]);
    expect((await agent.get(`/admin/embeddings/migrations/${omoiId}`)).status).toBe(404);
  });

  it('is refused for the model that is asked, also where that is not known yet', async () => {
    const { profile } = omoi.app.get(Spaces).current.vectors;
    const table = omoi.app.get(Spaces).tableOf(profile);
    const beginning = omoi.app
      .get(EmbeddingMigrationsTable)
      .begin(table, { provider: 'openai', model: 'plain' }, true);

    await expect(beginning).rejects.toMatchObject({ code: 'embedding.model_is_active' });
    expect((await state()).model_key).toBe(PLAIN);
  });

  it('closes no model that was come back to', async () => {
    const [spaces, models] = [omoi.app.get(Spaces), omoi.app.get(Models)];
    const before = spaces.current;
    const asked = (key: string): Promise<string> =>
      eventually(
        () => Promise.resolve(spaces.current.vectors.profile.key),
        (now) => now === key,
      );
    const id = await begin();
    await asked(TURNED);
    await agent.post(`/admin/embeddings/migrations/${id}/drop`, {});
    await eventually(
      () => Promise.resolve(spaces.find(PLAIN)),
      (space) => space === undefined,
    );
    await begin({ model: 'plain' });
    await asked(PLAIN);
    // As it is when the last orders of the first one are over.
    await omoi.app.get(SpaceModels).closeUnused(before);

    expect(await models.start({ provider: 'openai', model: 'plain' })).toBe(
      spaces.current.embedder,
    );
  });

  it('closes a model that does not answer', async () => {
    const named = { provider: 'openai', model: 'text-embedding-3-small' } as const;
    const before = await omoi.app.get(Models).start(named);
    server.replies.push(says(401, {}), says(401, {}));
    const { status } = await agent.post('/admin/embeddings/migrate', named);

    expect(status).toBe(422);
    expect(await omoi.app.get(Models).start(named)).not.toBe(before);
  });

  it('leaves no process of a model behind when it is given up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'omoi-model-'));
    const model = join(folder, 'another');
    await symlink(resolve('models/all-MiniLM-L6-v2'), model);
    const id = await begin({ provider: 'local', model, switch: false });
    await reached(id, 'ready');
    expect(await processesWith(model)).toBe(1);
    await agent.post(`/admin/embeddings/migrations/${id}/cancel`, {});
    await eventually(
      () => processesWith(model),
      (count) => count === 0,
    );
    await rm(folder, { recursive: true });
  });

  it('follows the log for a space whole or not at all', async () => {
    const [database, spaces] = [omoi.app.get(Database), omoi.app.get(Spaces)];
    const id = await begin({ switch: false });
    await reached(id, 'ready');
    await agent.post(`/admin/embeddings/migrations/${id}/cancel`, {});
    await eventually(
      () => Promise.resolve(spaces.find(TURNED)),
      (space) => space === undefined,
    );
    const may = (what: string): Promise<unknown> =>
      database.as('omoi_owner', (sql) => sql.query(what));
    await may('revoke update on embedding_pending_turned from omoi_projector');
    const again = await begin({ switch: false });

    await expect(omoi.app.get(SpaceKeeper).step()).rejects.toThrow('permission denied');
    expect(omoi.app.get(Followers).find('memory-vectors-turned')).toBeUndefined();
    await may('grant update on embedding_pending_turned to omoi_projector');
    await reached(again, 'ready');
  });

  it('begins with the model of the settings when the one of the memories is lost', async () => {
    await fill(20);
    await reached(await begin({ model: 'third', switch: false }), 'ready');
    await omoi.stop();
    server.refused = { key: 'sk-very-secret', model: 'plain' };
    await asSuperuser(LOST);
    omoi = await start('turned');
    agent = new Agent(omoi, 'default');
    await haveVectors(20, 'turned');

    expect((await agent.search(textOf(5), { mode: 'semantic' })).items[0]).toMatchObject({
      summary: textOf(5),
    });
    expect(await state()).toMatchObject({
      model_key: TURNED,
      remark: null,
      migration: { status: 'cancelled' },
    });
    await eventually(tables, (names) => names.join() === 'memory_embedding_turned');
  });

  it('goes on with the tables that a space was registered with, however it would be called now', async () => {
    await fill(20);
    await omoi.stop();
    await asSuperuser(`update es.embedding_profile set model = 'other', model_key = '${OTHER}'`);
    omoi = await start('other');
    agent = new Agent(omoi, 'default');

    expect(await state()).toMatchObject({
      model_key: OTHER,
      models: [{ coverage: { embedded: 20, pending: 0 } }],
    });
    expect(await tables()).toEqual(['memory_embedding_plain']);
    await reached(await begin(), 'switched');
    await reached(await begin({ model: 'other' }), 'switched');
    expect(await tables()).toEqual(['memory_embedding_plain', 'memory_embedding_turned']);
  });

  it('can be given up, and begun again without asking the model again', async () => {
    await fill(60);
    const id = await begin({ switch: false });
    await reached(id, 'ready');
    await agent.post(`/admin/embeddings/migrations/${id}/cancel`, {});
    await eventually(tables, (names) => names.join() === 'memory_embedding_plain');
    expect(await rows(`select 1 from es.projection where name = 'memory-vectors-turned'`)).toEqual(
      [],
    );
    expect((await agent.search(textOf(1), { mode: 'semantic' })).items[0]).toMatchObject({
      summary: textOf(1),
    });
    const asked = server.asked
      .filter(({ model }) => model === 'turned')
      .flatMap(({ input }) => input);

    const again = await begin();
    await reached(again, 'switched');
    const more = server.asked
      .filter(({ model }) => model === 'turned')
      .flatMap(({ input }) => input);
    expect(more.slice(asked.length).filter((text) => text.startsWith('Work'))).toEqual([]);
    expect(await counted('memory_embedding_turned')).toBe(60);
  });

  it('goes on after a restart, waits to be switched, and leaves what can be dropped', async () => {
    await fill(100);
    server.pauseMs = 300;
    const id = await begin({ switch: false });
    await eventually(
      () => counted('memory_embedding_turned'),
      (count) => count > 0,
    );
    await omoi.stop();
    server.pauseMs = 0;
    omoi = await start('turned');
    agent = new Agent(omoi, 'default');
    expect((await state()).remark).toContain(
      'EMBEDDING_MODEL names turned, memories are in the space of plain',
    );
    const { body: doctor } = await agent.get('/admin/doctor');
    expect(doctor.checks.find(({ name }: { name: string }) => name === 'embedding')).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('omoi embeddings migrate turned') as unknown,
    });

    await reached(id, 'ready');
    expect((await agent.search(textOf(3))).model_key).toBe(PLAIN);
    const { body: switched } = await agent.post(`/admin/embeddings/migrations/${id}/switch`, {});
    expect(switched.status).toBe('switched');
    await eventually(
      () => agent.search(textOf(3)),
      ({ model_key }) => model_key === TURNED,
    );
    expect((await state()).remark).toBeNull();

    await agent.post(`/admin/embeddings/migrations/${id}/drop`, {});
    await eventually(tables, (names) => names.join() === 'memory_embedding_turned');
    const cached = await rows<{ model_key: string }>(
      'select distinct model_key from es.embedding_cache',
    );
    expect(cached).toEqual([{ model_key: TURNED }]);
    await agent.remember('Stored afterwards');
    await haveVectors(101, 'turned');
  });

  it('leaves nothing of what is erased, in either space', async () => {
    await fill(20);
    const id = await begin({ switch: false });
    await reached(id, 'ready');
    const [first, second] = await agent.memories('?limit=2');
    const left = async (): Promise<number[]> => [
      await counted('memory_embedding_plain'),
      await counted('memory_embedding_turned'),
      await counted('es.embedding_cache'),
    ];
    expect(await left()).toEqual([20, 20, 40]);
    await agent.delete(`/memory/executions/${String(first.memory_id)}`);
    expect(await left()).toEqual([19, 19, 38]);
    await agent.post(`/admin/embeddings/migrations/${id}/switch`, {});
    await eventually(state, ({ model_key }) => model_key === TURNED);
    await agent.post('/admin/erase', { task_id: second.task_id });
    expect(await left()).toEqual([18, 18, 36]);
  });

  it('has both spaces read out of the log again without a model', async () => {
    await fill(40);
    const id = await begin();
    await reached(id, 'switched');
    await eventually(state, ({ model_key }) => model_key === TURNED);
    const asked = server.asked.length;
    for (const name of ['memory-vectors-plain', 'memory-vectors-turned']) {
      const { body } = await agent.post(`/admin/projections/${name}/rebuild`, {});
      const rebuild = await eventually(
        async () => (await agent.get(`/admin/rebuilds/${String(body.rebuild_id)}`)).body,
        ({ ended_at }) => ended_at !== null,
      );
      expect(rebuild).toMatchObject({
        status: 'swapped',
        diff: { added: 0, removed: 0, changed: 0 },
      });
    }
    expect(server.asked).toHaveLength(asked);
    expect((await agent.search(textOf(5), { mode: 'semantic' })).items[0].summary).toBe(textOf(5));
  });

  it('says what each model cost on which day', async () => {
    // A day that is about to end ends first.
    const leftMs = DAY_MS - (Date.now() % DAY_MS);
    if (leftMs < 60_000) await new Promise((resolve) => setTimeout(resolve, leftMs));
    await agent.remember('four words of work');
    await haveVectors(1, 'plain');
    const id = await begin({ model: 'text-embedding-3-small' });
    await reached(id, 'switched');
    const { spend } = await eventually(state, ({ spend: days }) => days[1]?.calls === 2);
    const today = new Date().toISOString().slice(0, 10);

    expect(spend).toEqual([
      { day: today, model_key: PLAIN, calls: 1, texts: 1, tokens: 4, usd: null },
      {
        day: today,
        model_key: 'text-embedding-3-small@1536/float/hosted/8191',
        calls: 2,
        texts: 2,
        tokens: 6,
        usd: expect.closeTo((6 * 0.02) / 1e6, 12) as unknown,
      },
    ]);
  });

  // Only a server can be shared.
  if (isServer) {
    it('is followed by every process', async () => {
      await fill(60);
      const there = new Agent(await another(), 'default');
      const id = await begin();
      await reached(id, 'switched');
      const answers = await eventually(
        () => Promise.all([agent, there].map((one) => one.search(textOf(9), { mode: 'semantic' }))),
        (all) => all.every(({ model_key }) => model_key === TURNED),
      );
      for (const { items } of answers) expect(items[0].similarity_score).toBeGreaterThan(THE_SAME);
      await there.remember('Stored there');
      await agent.embedded();
    });

    it('says why it can be neither switched nor given up while its index is built', async () => {
      const id = await begin({ switch: false });
      await reached(id, 'ready');
      const asked = ['switch', 'cancel'].map(
        (verb) => `/admin/embeddings/migrations/${id}/${verb}`,
      );
      // As whoever builds it holds it.
      const answers = await omoi.app.get(Database).as('omoi_owner', async (sql) => {
        await sql.query('select 1 from es.embedding_migration as held for update');
        return Promise.all(asked.map((path) => agent.post(path, {})));
      });

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        Array(2).fill([503, 'embedding.being_indexed']),
      );
    });

    it('has its tables though those of the last time are dropped meanwhile', async () => {
      const id = await begin({ switch: false });
      await reached(id, 'ready');
      const spaces = omoi.app.get(Spaces);
      const { profile } = spaces.find(TURNED)?.vectors ?? spaces.current.vectors;
      await agent.post(`/admin/embeddings/migrations/${id}/cancel`, {});
      await eventually(
        () => Promise.resolve(spaces.find(TURNED)),
        (space) => space === undefined,
      );
      let again = Promise.resolve('');
      const [holder, other] = [omoi.app.get(Database), omoi.app.get(EmbeddingMigrationsTable)];
      await holder.as('omoi_owner', async (sql) => {
        await sql.query('lock table es.embedding_migration in share mode');
        again = begin();
        await eventually(
          () => rows(WHO_WAITS),
          (waiting) => waiting.length > 0,
        );
        await holder.as('omoi_owner', (once) => once.query(ALL_ARE_OLD));
        await other.forget(spaces.tableOf(profile));
        expect(await tables()).toEqual(['memory_embedding_plain']);
      });
      await reached(await again, 'switched');
    });

    it('leaves a process that cannot open the model where it was, not ready, and saying so', async () => {
      await fill(40);
      const other = await another('sk-expired');
      const there = new Agent(other, 'default');
      server.refused = { key: 'sk-expired', model: 'turned' };
      const id = await begin();
      await reached(id, 'switched');
      const { body } = await eventually(
        () => other.ask('get', '/health/ready'),
        ({ status }) => status === 503,
      );
      expect(body.errors).toEqual([
        { field: 'model', message: expect.stringContaining(TURNED) as unknown },
      ]);
      expect(await there.search(textOf(7), { mode: 'keyword', top_k: 1 })).toMatchObject({
        items: [{ summary: textOf(7) }],
      });

      await agent.post(`/admin/embeddings/migrations/${id}/drop`, {});
      await eventually(tables, (names) => names.join() === 'memory_embedding_turned');
      const answers = [
        await there.post('/memory/search', { task_description: textOf(7) }),
        await there.get('/memory/executions'),
        await there.get('/memory/tasks/before-7/context'),
      ];
      expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(
        Array(3).fill([503, 'embedding.model_missing']),
      );
    });
  }
});

/** As docs/operations.md has it. */
const LOST = `
  update es.embedding_profile set status = 'dropped' where status in ('active', 'filling', 'ready');
  update es.embedding_migration set status = 'cancelled', ended_at = now()
   where status in ('filling', 'ready')`;

const ALL_ARE_OLD = `update es.embedding_profile as space set since = now() - interval '1 minute'`;

/** How many processes were started with this model. */
async function processesWith(model: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );

  return lines.filter((line) => line.includes(model)).length;
}

const omoiId = '00000000-0000-4000-8000-000000000000';
