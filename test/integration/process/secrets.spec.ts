import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { failedStart, startProcess, type ServiceProcess } from '../../support/process.js';

const WORDS = {
  ofOpenAi: 'sk-a-key-that-costs-money',
  ofRedis: 'a-password-of-redis',
  ofDatabase: 'a-password-of-postgres',
  ofWebhook: `whsec_${Buffer.alloc(24, 'webhook').toString('base64')}`,
};
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:9';

const secretsIn = (text: string): string[] =>
  Object.values(WORDS).filter((secret) => text.includes(secret.replace('whsec_', '')));

describe('The output of a service, at its most talkative,', () => {
  let database: TestDatabase;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await freshDatabase();
    const { DATABASE_URL: url } = database.env;
    service = await startProcess({
      ...database.env,
      ...(url === undefined ? {} : { DATABASE_URL: withPassword(url) }),
      EMBEDDING_PROVIDER: 'openai',
      OPENAI_API_KEY: WORDS.ofOpenAi,
      OPENAI_BASE_URL: `http://${NOWHERE}/v1`,
      REDIS_URL: `redis://user:${WORDS.ofRedis}@${NOWHERE}`,
      LOG_LEVEL: 'trace',
    });
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const webhooks = async (): Promise<{ failures: number }[]> =>
    ((await (await ask('GET', '/admin/webhooks')).json()) as { items: { failures: number }[] })
      .items;

  it('has no secret of what it uses, nor of whom it tells, when none of them answers', async () => {
    const webhook = { url: `http://${NOWHERE}/`, secret: WORDS.ofWebhook };
    const execution = {
      task_id: 't',
      task: { type: 'demo' },
      execution_summary: 'Did it',
      success: true,
    };
    const statuses = [
      await ask('POST', '/admin/webhooks', webhook),
      await ask('POST', '/memory/store', execution),
      await ask('POST', '/memory/search', { task_description: 'Did it' }),
      await ask('GET', '/admin/doctor'),
    ].map(({ status }) => status);
    await eventually(webhooks, ([one]) => (one?.failures ?? 0) > 0);
    const written = await eventually(
      () => Promise.resolve(service.output()),
      (text) => text.includes('wait for their vector'),
    );

    expect(statuses).toEqual([201, 201, 503, 200]);
    expect(secretsIn(written)).toEqual([]);
  });

  it('has no password of a database that does not answer, or is none', async () => {
    const urls = ['postgresql', 'postgresql+asyncpg'].map(
      (protocol) => `${protocol}://omoi:${WORDS.ofDatabase}@${NOWHERE}/memory`,
    );
    for (const DATABASE_URL of [...urls, `mysql://omoi:${WORDS.ofDatabase}@${NOWHERE}/memory`]) {
      const { code, said } = await failedStart({ DATABASE_URL, LOG_LEVEL: 'trace' });

      expect(code).toBe(1);
      expect(said).toMatch(/database|DATABASE_URL/);
      expect(secretsIn(said)).toEqual([]);
    }
  });
});

/** It is not asked for where everybody is trusted. */
function withPassword(address: string): string {
  const url = new URL(address);
  url.password = WORDS.ofDatabase;

  return url.href;
}
