import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedDatabase } from '../../../src/database/embedded/embedded-database.js';
import { eventually, startApp } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';

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
    await client.query('set role omoi_app');
  });
  afterAll(async () => {
    await client.end();
    await embedded?.stop();
    await database.drop();
  });

  const count = async (table: string): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
    return Number(rows[0]?.count);
  };

  it.each(TENANT_TABLES)('sees nothing of %s without a namespace', async (table) => {
    await client.query('reset omoi.namespace');
    expect(await count(table)).toBe(0);
  });

  it.each(OF_NO_REQUEST)('may not even ask for %s', async (table) => {
    await expect(count(table)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    'tasks',
    'task_memories',
    'memory_keywords',
    'keyword_frequencies',
    'es.searchable_keywords',
    'learned_patterns',
    'learner_keys',
    'learner_executions',
    'learner_evidence',
    'pattern_history',
    'suggestion_executions',
    'memory_embedding_all_minilm_l6_v2_q8',
    'es.event',
    'es.text',
  ])(
    'sees of %s what belongs to its namespace, and nothing under one that only resembles it',
    async (table) => {
      await client.query("set omoi.namespace = 'user1'");
      const own = await count(table);
      expect(own).toBeGreaterThan(0);
      const foreign = await client.query(`select 1 from ${table} where namespace <> 'user1'`);
      expect(foreign.rows).toEqual([]);

      for (const other of ['user', 'USER1', 'user_', 'user%', '', 'user1 ']) {
        await client.query('select set_config($1, $2, false)', ['omoi.namespace', other]);
        expect(await count(table)).toBe(0);
      }
    },
  );

  it('knows of no table of tenants that is not on this list', async () => {
    await client.query('reset role');
    const { rows } = await client.query<{ name: string }>(
      `select case when n.nspname = 'es' then 'es.' else '' end || c.relname as name
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'namespace'
        where c.relkind = 'r' and n.nspname in ('public', 'es')
          and not (c.relrowsecurity and c.relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
    const { rows: secured } = await client.query<{ name: string }>(
      `select case when n.nspname = 'es' then 'es.' else '' end || c.relname as name
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'namespace'
        where c.relkind = 'r' and n.nspname in ('public', 'es')`,
    );
    expect(secured.map(({ name }) => name).sort()).toEqual(
      [...TENANT_TABLES, ...OF_NO_REQUEST].sort(),
    );
    await client.query('set role omoi_app');
  });
});

/** Two tenants with a memory each, made by the service itself. */
async function fill(env: Readonly<Record<string, string>>): Promise<void> {
  const omoi = await startApp(env);
  for (const namespace of ['user1', 'user10']) {
    const headers = { 'X-Namespace': namespace };
    const body = {
      task_id: 't-1',
      execution_summary: `What ${namespace} did`,
      success: true,
      task: { type: 'demo' },
    };
    const { body: stored } = await omoi.ask('post', '/api/v1/memory/store', { body, headers });
    await eventually(
      () => omoi.ask('get', `/api/v1/memory/executions/${stored.memory_id}`, { headers }),
      ({ body: memory }) => memory.has_embedding === true,
    );
  }
  await omoi.stop();
}
