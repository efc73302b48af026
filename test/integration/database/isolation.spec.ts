import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedDatabase } from '../../../src/database/embedded/embedded-database.js';
import { Database } from '../../../src/database/index.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { DEAD_LETTERS, settle } from '../apart/tenants.js';
import { AllTables } from '../erase/all-tables.js';

const TENANT_TABLES = [
  'tasks',
  'task_memories',
  'memory_usage',
  'memory_keywords',
  'keyword_frequencies',
  'embedding_pending_all_minilm_l6_v2_q8',
  'learned_patterns',
  'learner_keys',
  'learner_key_tasks',
  'learner_signatures',
  'learner_histograms',
  'learner_executions',
  'learner_evidence',
  'pattern_feedback',
  'pattern_history',
  'pattern_suggestions',
  'pattern_descriptions',
  'suggestions',
  'suggestion_patterns',
  'suggestion_executions',
  'memory_embedding_all_minilm_l6_v2_q8',
  'es.stream',
  'es.event',
  'es.text',
  'es.command',
  'es.notification',
  'es.webhook',
  'es.webhook_letter',
];

/** What no request may look at, of whatever tenant. */
const OF_NO_REQUEST = ['es.api_key'];
/** What requests see of a table that they may not look at in another way. */
const VIEWS = ['es.searchable_keywords'];

const TENANTS = ['user1', 'user10'];

/** A client that knows nothing of this service, under the role of its requests. */
describe('A bare client under omoi_app', () => {
  let database: TestDatabase;
  let embedded: EmbeddedDatabase | null = null;
  let client: Client;

  beforeAll(async () => {
    database = await freshDatabase();
    await fill(database.env);
    const { DATABASE_URL: url, DATA_DIR: folder = '' } = database.env;
    if (url === undefined) {
      embedded = new EmbeddedDatabase(folder);
      await embedded.start();
    }
    client = new Client(embedded?.address ?? { connectionString: url });
    await client.connect();
    await fillByHand(client);
  });
  afterAll(async () => {
    await client.end();
    await embedded?.stop();
    await database.drop();
  });

  /** Whose rows a role sees under this namespace; null: none was ever said. */
  const seen = async (
    table: string,
    role: string,
    namespace: string | null = null,
  ): Promise<string[]> => {
    await client.query(`set role ${role}`);
    await (namespace === null
      ? client.query('reset omoi.namespace')
      : client.query('select set_config($1, $2, false)', ['omoi.namespace', namespace]));
    const { rows } = await client
      .query<{ namespace: string }>(`select distinct namespace from ${table} order by namespace`)
      .finally(() => client.query('reset role'));

    return rows.map((row) => row.namespace);
  };

  // What is empty is kept apart by anybody.
  it.each([...TENANT_TABLES, ...OF_NO_REQUEST])('has rows of both to see in %s', async (table) => {
    expect(await seen(table, 'omoi_owner')).toEqual(expect.arrayContaining(TENANTS));
  });

  describe.each([...TENANT_TABLES, ...VIEWS])('sees of %s', (table) => {
    it('nothing without a namespace', async () => {
      expect(await seen(table, 'omoi_app')).toEqual([]);
    });

    it('what belongs to its namespace', async () => {
      for (const own of TENANTS) expect(await seen(table, 'omoi_app', own)).toEqual([own]);
    });

    it('nothing under one that only resembles it', async () => {
      for (const other of ['user', 'USER1', 'user_', 'user%', '', 'user1 ', 'user100']) {
        expect(await seen(table, 'omoi_app', other)).toEqual([]);
      }
    });
  });

  it.each(OF_NO_REQUEST)('may not even ask for %s', async (table) => {
    for (const namespace of [null, ...TENANTS]) {
      await expect(seen(table, 'omoi_app', namespace)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('knows of no table of tenants that is not on this list', async () => {
    const { rows } = await client.query<{ name: string; is_forced: boolean }>(
      `select case when n.nspname = 'es' then 'es.' else '' end || c.relname as name,
              c.relrowsecurity and c.relforcerowsecurity as is_forced
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'namespace'
        where c.relkind = 'r' and n.nspname in ('public', 'es')`,
    );
    expect(rows.filter(({ is_forced }) => !is_forced)).toEqual([]);
    expect(rows.map(({ name }) => name).sort()).toEqual(
      [...TENANT_TABLES, ...OF_NO_REQUEST].sort(),
    );
  });
});

/** Two tenants with what the service itself makes for them. */
async function fill(env: Readonly<Record<string, string>>): Promise<void> {
  const omoi = await startApp(env);
  for (const [nth, namespace] of TENANTS.entries()) {
    const { ids } = await settle(omoi, namespace, nth);
    await speak(omoi, namespace, ids.pattern_id?.[0] ?? '');
  }
  const database = omoi.app.get(Database);
  // What was advised is counted a little later, by an event of its own.
  await eventually(
    () =>
      database.as('omoi_projector', (sql) =>
        sql.query('select distinct usage.namespace from memory_usage as usage'),
      ),
    (namespaces) => namespaces.length === TENANTS.length,
  );
  await new AllTables(omoi, database).settled();
  await omoi.stop();
}

/** What only those have who say more than what they did. */
async function speak(omoi: RunningApp, namespace: string, pattern: string): Promise<void> {
  const agent = new Agent(omoi, namespace);
  const feedback = `/memory/patterns/${pattern}/feedback`;
  const key = { name: 'a key', namespace };
  const answers = [
    await agent.post(feedback, { helpful: true }, { 'Idempotency-Key': 'once' }),
    await agent.post('/admin/api-keys', key),
  ];
  await agent.remember('Took its time', { duration_ms: 40 });
  expect(answers.map(({ status }) => status)).toEqual([200, 201]);
}

/** What is there for a moment only, or after hours of trying. */
async function fillByHand(client: Client): Promise<void> {
  await client.query(`
    insert into embedding_pending_all_minilm_l6_v2_q8 (namespace, memory_id, text_sha256, due_at)
    select namespace, id, '', now() from task_memories`);
  await client.query(DEAD_LETTERS);
}
