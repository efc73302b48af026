import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/app.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { failedStart, startProcess, type ServiceProcess } from '../../support/process.js';
import { Listener } from '../relay/listener.js';

const ADMIN_API_KEY = 'an-owner-has-this-key-and-nobody-else';
const TASKS = '/api/v1/tasks';
const KEYS = '/api/v1/admin/api-keys';
const QUIET = { EMBEDDING_WORKERS: '1' };

interface Key {
  readonly key_id: string;
  readonly key: string;
}

describe('A service with AUTH=keys', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await freshDatabase();
    folder = mkdtempSync(join(tmpdir(), 'omoi-keys-'));
    env = { ...QUIET, ...database.env, AUTH: 'keys', ADMIN_API_KEY, LOG_LEVEL: 'trace' };
    service = await startProcess(env);
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const ask = (
    key: string,
    method: string,
    path: string,
    body?: object,
    url = service.url,
  ): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const make = async (said: object): Promise<Key> => {
    const body = { name: 'a key', namespace: null, ...said };
    return (await (await ask(ADMIN_API_KEY, 'POST', KEYS, body)).json()) as Key;
  };

  /** Runs `omoi …` with a key in its environment, or none. */
  const omoi = async (key: string | null, ...args: string[]): Promise<[number, string, string]> => {
    const child = spawn(process.execPath, ['dist/src/cli.js', '--url', service.url, ...args], {
      env: { PATH: process.env.PATH ?? '', ...(key === null ? {} : { OMOI_API_KEY: key }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    const [code] = (await once(child, 'close')) as [number];

    return [code, said.out, said.err];
  };

  it('writes no secret into its log, at whatever level', async () => {
    const { key, key_id } = await make({ rate_limit_per_minute: 2, scopes: ['read'] });
    const rotated = (await (
      await ask(ADMIN_API_KEY, 'POST', `${KEYS}/${key_id}/rotate`)
    ).json()) as Key;
    const wrong = `${rotated.key.slice(0, -4)}AAAA`;
    const statuses = [
      await ask(key, 'GET', TASKS),
      await ask(wrong, 'GET', TASKS),
      await ask(`${ADMIN_API_KEY}-mistyped`, 'GET', TASKS),
      await ask(rotated.key, 'POST', TASKS, { id: 't', type: 't' }),
      await ask(rotated.key, 'GET', TASKS),
      await ask(rotated.key, 'GET', TASKS),
      await ask(ADMIN_API_KEY, 'POST', `${KEYS}/${key_id}/revoke`),
    ].map(({ status }) => status);
    const written = await eventually(
      () => Promise.resolve(service.output()),
      (text) => text.includes(`${key_id}/revoke`),
    );

    expect(statuses).toEqual([401, 401, 401, 403, 200, 429, 200]);
    expect(written).toContain('"status":429');
    for (const secret of [ADMIN_API_KEY, key, rotated.key, wrong, 'Bearer']) {
      const part = secret.startsWith('omoi_') ? secret.slice(38, 78) : secret;
      expect(part.length).toBeGreaterThan(5);
      expect(written.includes(part)).toBe(false);
    }
  });

  it('streams without a warning', async () => {
    const leaves = new AbortController();
    const stream = await fetch(`${service.url}/api/v1/events/stream`, {
      headers: { authorization: `Bearer ${ADMIN_API_KEY}`, 'x-request-id': 'a-stream' },
      signal: leaves.signal,
    });
    await stream.body?.getReader().read();
    leaves.abort();
    const written = await eventually(
      () => Promise.resolve(service.output()),
      (text) => text.includes('a-stream'),
    );

    expect(written).not.toContain('MaxListeners');
  });

  it('says in its log which namespace the key decided', async () => {
    const { key } = await make({ namespace: 'decided' });
    await fetch(`${service.url}${TASKS}?limit=1`, {
      headers: {
        authorization: `Bearer ${key}`,
        'x-namespace': 'pretended',
        'x-request-id': 'which-one',
      },
    });
    const lines = await eventually(
      () => Promise.resolve(linesOf(service, 'which-one')),
      (written) => written.length > 0,
    );

    expect(lines.filter((line) => line.includes('"namespace":"decided"'))).toEqual(lines);
    expect(lines.join('')).not.toContain('pretended');
  });

  it('does not start without a first key, and says why', async () => {
    const { code, said } = await failedStart({
      ...QUIET,
      AUTH: 'keys',
      DATA_DIR: join(folder, 'd'),
    });

    expect(code).toBe(1);
    expect(said).toContain('The setting ADMIN_API_KEY is needed when AUTH is "keys"');
    const short = await failedStart({ AUTH: 'keys', ADMIN_API_KEY: 'too-short-a-secret' });
    expect(short.said).toBe(
      'The setting ADMIN_API_KEY must be 32 to 500 printable ASCII characters without spaces.\n',
    );
  });

  it('is looked after by a command line that has a key', async () => {
    const [none, , said] = await omoi(null, 'keys', 'list');
    expect([none, said]).toEqual([1, expect.stringContaining('(auth.no_valid_key)')]);

    const [made, out] = await omoi(
      ADMIN_API_KEY,
      '--json',
      ...['keys', 'create', 'by hand', '--for', 'hands', '--scopes', 'read, write'],
      ...['--rate', '7', '--expires', '2999-01-31T12:00:00Z'],
    );
    const key = JSON.parse(out) as Key;
    expect([made, key]).toMatchObject([
      0,
      { name: 'by hand', namespace: 'hands', scopes: ['read', 'write'], rate_limit_per_minute: 7 },
    ]);
    const file = join(folder, 'key');
    writeFileSync(file, `${ADMIN_API_KEY}\n`);
    const [listed, table] = await omoi(null, '--api-key-file', file, 'keys', 'list');
    expect([listed, table]).toEqual([0, expect.stringContaining(key.key_id)]);
    expect(table).not.toContain(key.key.slice(38));

    const [rotated, text] = await omoi(ADMIN_API_KEY, 'keys', 'rotate', key.key_id);
    const next = /omoi_\S+/.exec(text)?.[0] ?? '';
    expect([rotated, (await ask(next, 'GET', TASKS)).status]).toEqual([0, 200]);
    expect((await omoi(ADMIN_API_KEY, 'keys', 'revoke', key.key_id))[0]).toBe(0);
    expect((await ask(next, 'GET', TASKS)).status).toBe(401);

    const [unsaid, , why] = await omoi(ADMIN_API_KEY, 'keys', 'create', 'of what?');
    expect([unsaid, why]).toEqual([2, 'error: say --for <namespace>, or --of-service\n']);
    expect((await omoi(null, '--api-key-file', join(folder, 'none'), 'keys', 'list'))[0]).toBe(2);
    const [service_] = await omoi(ADMIN_API_KEY, 'keys', 'create', 'all', '--of-service');
    expect(service_).toBe(0);
  });

  it('lists namespaces and drops one, when one means it', async () => {
    const body = {
      task_id: 'a',
      task: { type: 'demo' },
      execution_summary: 'Did it',
      success: true,
    };
    const { key } = await make({ namespace: 'dropping' });
    await ask(key, 'POST', '/api/v1/memory/store', body);
    const [, table] = await omoi(ADMIN_API_KEY, 'namespaces', 'list');
    expect(table).toMatch(/│ dropping +│ \S+ +│ 1 +│ 1 +│/);

    const drop = ['namespaces', 'drop', 'dropping'];
    const [code, , why] = await omoi(ADMIN_API_KEY, ...drop);
    expect([code, why]).toEqual([2, expect.stringContaining('say --yes')]);
    expect((await ask(key, 'GET', TASKS)).status).toBe(200);
    expect(await omoi(ADMIN_API_KEY, ...drop, '--yes')).toEqual([
      0,
      'The namespace dropping is dropped.\n',
      '',
    ]);
    expect((await ask(key, 'GET', TASKS)).status).toBe(401);
    expect((await omoi(ADMIN_API_KEY, ...drop, '--yes'))[0]).toBe(1);
  });

  // The embedded database is one process's.
  (isServer ? it : it.skip)(
    'refuses within a second what another process revoked, and ends its streams',
    async () => {
      const other = await startProcess({ ...env, LOG_LEVEL: 'warn' });
      const { key, key_id } = await make({ rate_limit_per_minute: 60_000, namespace: 'revoked' });
      expect((await ask(key, 'GET', TASKS, undefined, other.url)).status).toBe(200);
      const stream = await Listener.open(`${other.url}/api/v1`, 'revoked', { key });
      expect(stream.answer.status).toBe(200);
      await ask(ADMIN_API_KEY, 'POST', `${KEYS}/${key_id}/revoke`);
      const began = performance.now();
      const ended = stream.ended.then(() => performance.now() - began);
      let status = 200;
      while (status === 200) ({ status } = await ask(key, 'GET', TASKS, undefined, other.url));
      const took = performance.now() - began;

      expect(status).toBe(401);
      expect(took).toBeLessThan(1_000);
      expect(await ended).toBeLessThan(1_500);
      await other.stop();
    },
  );
});

/** What it has written so far that says this. */
const linesOf = (service: ServiceProcess, said: string): string[] =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes(said));

describe('A service with AUTH=off', () => {
  it.each([
    ['127.0.0.1', 30, 'it listens on 127.0.0.1 only'],
    ['0.0.0.0', 40, 'everybody who reaches this machine may read and write everything'],
  ])('says at its start who may come in: HOST=%s', async (HOST, level, says) => {
    const database = await freshDatabase();
    const service = await startProcess({ ...QUIET, ...database.env, HOST, LOG_LEVEL: 'info' });
    const lines = await eventually(
      () => Promise.resolve(linesOf(service, '"AUTH=off')),
      (written) => written.length > 0,
    );
    await service.stop();
    await database.drop();

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level,
      msg: expect.stringContaining(says),
    });
  });
});
