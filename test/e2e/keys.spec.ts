import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'supertest';
import { Settings } from '../../src/config/index.js';
import { Database } from '../../src/database/index.js';
import { describeApi } from '../../src/http/index.js';
import { Clock } from '../../src/kernel/index.js';
import { OpenStreams } from '../../src/keys/index.js';
import { startService } from '../../src/start-service.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const ADMIN_API_KEY = 'the-key-of-the-owner-of-this-service';
const KEYS = '/api/v1/admin/api-keys';
const TASKS = '/api/v1/tasks';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const RECEIVER = 'http://127.0.0.1:9/inside';
const SCOPES = ['read', 'write', 'admin'] as const;

interface Key {
  readonly key_id: string;
  readonly key: string;
}

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly scope: string | undefined;
  readonly ofService: boolean | undefined;
}

/** Every operation that the document has, at an address where nothing is. */
const operationsOf = (document: OpenAPIObject): Operation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'delete'] as const).flatMap((method) => {
      const operation = item[method] as Record<string, unknown> | undefined;
      if (!operation) return [];
      return {
        method,
        path: path.replace(/\{\w+\}/g, NOBODY),
        scope: operation['x-scope'] as string | undefined,
        ofService: operation['x-of-service'] as boolean | undefined,
      };
    }),
  );

describe('With AUTH=keys', () => {
  let omoi: RunningApp;
  let operations: Operation[];

  beforeAll(async () => {
    omoi = await startApp({ AUTH: 'keys', ADMIN_API_KEY });
    operations = operationsOf(describeApi(omoi.app));
  });
  afterAll(() => omoi.stop());

  const asked = (
    key: string,
    method: Operation['method'],
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> =>
    omoi.ask(method, path, {
      headers: { Authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const make = async (said: object): Promise<Key> => {
    const body = { name: 'a test', namespace: null, ...said };
    const answer = await asked(ADMIN_API_KEY, 'post', KEYS, { body });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body as Key;
  };
  const register = (key: string, id: string, namespace?: string): Promise<Response> =>
    asked(key, 'post', TASKS, {
      body: { id, type: 'demo' },
      headers: namespace === undefined ? {} : { 'X-Namespace': namespace },
    });
  const idsSeen = async (key: string, namespace?: string): Promise<string[]> => {
    const headers: Record<string, string> =
      namespace === undefined ? {} : { 'X-Namespace': namespace };
    const { body } = await asked(key, 'get', TASKS, { headers });
    return (body.items as { id: string }[]).map(({ id }) => id);
  };

  const aDayPasses = async (): Promise<void> => {
    const clock = omoi.app.get(Clock, { strict: false });
    const tomorrow = new Date(clock.now().getTime() + 25 * 3_600_000);
    clock.now = () => tomorrow;
    await omoi.app
      .get(Database)
      .as('omoi_owner', (sql) => sql.query('update es.command set expires_at = now()'));
  };

  describe('a key', () => {
    it('is said once, when it is made, and is listed without it', async () => {
      const body = {
        name: 'agents of a',
        namespace: 'a',
        scopes: ['write', 'read', 'write'],
        rate_limit_per_minute: 90,
        expires_at: '2999-01-01T00:00:00+01:00',
      };
      const { status, body: made } = await asked(ADMIN_API_KEY, 'post', KEYS, { body });

      expect(status).toBe(201);
      expect(made).toEqual({
        key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'agents of a',
        namespace: 'a',
        scopes: ['read', 'write'],
        rate_limit_per_minute: 90,
        created_at: expect.any(String),
        expires_at: '2998-12-31T23:00:00.000Z',
        last_used_at: null,
        revoked_at: null,
        key: expect.stringMatching(/^omoi_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/),
      });
      expect(made.key).toContain(made.key_id.replaceAll('-', ''));
      const list = await asked(ADMIN_API_KEY, 'get', `${KEYS}?limit=100`);
      const { key, ...shown } = made;
      expect(list.body.items).toContainEqual(shown);
      expect(list.text).not.toContain(key.slice(-43));
    });

    it('has usual scopes and a usual limit, and never a namespace by omission', async () => {
      const made = await make({ name: 'usual' });
      expect(made).toMatchObject({
        namespace: null,
        scopes: ['read', 'write'],
        rate_limit_per_minute: 600,
        expires_at: null,
      });
      const refused = await asked(ADMIN_API_KEY, 'post', KEYS, { body: { name: 'no namespace' } });
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [{ field: 'namespace', message: 'is required' }],
      ]);
    });

    it.each([
      ['namespace', { namespace: 'a b' }],
      ['scopes', { scopes: [] }],
      ['scopes.0', { scopes: ['root'] }],
      ['rate_limit_per_minute', { rate_limit_per_minute: 0 }],
      ['rate_limit_per_minute', { rate_limit_per_minute: 60_001 }],
      ['expires_at', { expires_at: 'tomorrow' }],
      ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
      ['name', { name: ' ' }],
    ])('is not made with a wrong %s', async (field, wrong) => {
      const body = { name: 'wrong', namespace: null, ...wrong };
      const refused = await asked(ADMIN_API_KEY, 'post', KEYS, { body });

      expect([refused.status, refused.body.errors[0].field]).toEqual([422, field]);
    });

    it('is made once under an idempotency key, and not said again', async () => {
      const body = { name: 'once', namespace: null };
      const headers = { 'Idempotency-Key': 'make-one' };
      const both = await Promise.all(
        [1, 2].map(() => asked(ADMIN_API_KEY, 'post', KEYS, { body, headers })),
      );
      const said = both.map(({ body: made }) => made.key as string | null);

      expect(said.filter((key) => key !== null)).toHaveLength(1);
      expect(new Set(both.map(({ body: made }) => made.key_id)).size).toBe(1);
      expect((await asked(String(said.find(Boolean)), 'get', TASKS)).status).toBe(200);
    });

    it('is listed in pages', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      do {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await asked(ADMIN_API_KEY, 'get', `${KEYS}?limit=2${query}`);
        seen.push(...body.items.map(({ key_id }: Key) => key_id));
        cursor = body.next_cursor as string | null;
      } while (cursor !== null);
      const { body: all } = await asked(ADMIN_API_KEY, 'get', `${KEYS}?limit=100`);

      expect(seen).toEqual(all.items.map(({ key_id }: Key) => key_id));
      expect(seen.length).toBeGreaterThan(2);
    });

    it('has another text after a rotation, and the old one is refused', async () => {
      const { key_id, key } = await make({ name: 'rotating' });
      const headers = { 'Idempotency-Key': 'turn' };
      const rotate = `${KEYS}/${key_id}/rotate`;
      const both = await Promise.all(
        [1, 2].map(() => asked(ADMIN_API_KEY, 'post', rotate, { headers })),
      );
      const [next] = both.flatMap(({ body }) => (body.key === null ? [] : [String(body.key)]));

      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect(both.filter(({ body }) => body.key === null)).toHaveLength(1);
      expect((await asked(key, 'get', TASKS)).status).toBe(401);
      expect((await asked(String(next), 'get', TASKS)).status).toBe(200);
    });

    it('is made, and rotated, anew under an idempotency key that was forgotten', async () => {
      const headers = { 'Idempotency-Key': 'every day' };
      const body = { name: 'daily', namespace: null };
      const made = await asked(ADMIN_API_KEY, 'post', KEYS, { body, headers });
      const rotate = `${KEYS}/${String(made.body.key_id)}/rotate`;
      const first = await asked(ADMIN_API_KEY, 'post', rotate, { headers });
      await aDayPasses();
      const second = await asked(ADMIN_API_KEY, 'post', rotate, { headers });
      const another = await asked(ADMIN_API_KEY, 'post', KEYS, { body, headers });

      expect((await asked(String(first.body.key), 'get', TASKS)).status).toBe(401);
      expect((await asked(String(second.body.key), 'get', TASKS)).status).toBe(200);
      expect(another.body.key_id).not.toBe(made.body.key_id);
      expect((await asked(String(another.body.key), 'get', TASKS)).status).toBe(200);
    });

    it('is refused from its revocation on, for good', async () => {
      const { key_id, key } = await make({ name: 'going' });
      expect((await asked(key, 'get', TASKS)).status).toBe(200);
      const first = await asked(ADMIN_API_KEY, 'post', `${KEYS}/${key_id}/revoke`);
      const again = await asked(ADMIN_API_KEY, 'post', `${KEYS}/${key_id}/revoke`);

      expect([first.status, again.body.revoked_at]).toEqual([200, first.body.revoked_at]);
      expect((await asked(key, 'get', TASKS)).status).toBe(401);
      const rotated = await asked(ADMIN_API_KEY, 'post', `${KEYS}/${key_id}/rotate`);
      expect([rotated.status, rotated.body.code]).toEqual([409, 'api_key.revoked']);
    });

    it.each(['rotate', 'revoke'])('that does not exist cannot be: %s', async (verb) => {
      const { status, body } = await asked(ADMIN_API_KEY, 'post', `${KEYS}/${NOBODY}/${verb}`);

      expect([status, body.code]).toEqual([404, 'api_key.unknown']);
    });

    it('is refused when its time is over', async () => {
      const { key, key_id } = await make({ name: 'old', expires_at: '2999-01-01T00:00:00Z' });
      await omoi.app
        .get(Database)
        .as('omoi_projector', (sql) =>
          sql.query(`update es.api_key set expires_at = now() where id = $1`, [key_id]),
        );

      expect((await asked(key, 'get', TASKS)).status).toBe(401);
    });

    it('is noted when it was used, to the minute', async () => {
      const { key_id, key } = await make({ name: 'used' });
      const used = async (): Promise<string | null> => {
        const { body } = await asked(ADMIN_API_KEY, 'get', `${KEYS}?limit=100`);
        const items = body.items as { key_id: string; last_used_at: string | null }[];
        return items.find((one) => one.key_id === key_id)?.last_used_at ?? null;
      };
      expect(await used()).toBeNull();
      await Promise.all([1, 2, 3].map(() => asked(key, 'get', TASKS)));
      const first = await eventually(used, (at) => at !== null);
      await asked(key, 'get', TASKS);
      await new Promise((resolve) => setTimeout(resolve, 300));

      expect(await used()).toBe(first);
    });
  });

  describe('a request', () => {
    it('says the same whatever is wrong with its key', async () => {
      const { key } = await make({ name: 'near' });
      const last = key.endsWith('A') ? 'B' : 'A';
      const wrong = [
        undefined,
        'Basic b21vaTpvbW9p',
        'Bearer',
        'Bearer nonsense',
        key,
        `Bearer ${key.slice(0, -1)}${last}`,
        `Bearer omoi_${'0'.repeat(32)}_${'a'.repeat(43)}`,
        `Bearer ${ADMIN_API_KEY}x`,
        `Bearer ${ADMIN_API_KEY.toUpperCase()}`,
      ];
      const answers: unknown[] = [];
      for (const authorization of wrong) {
        const headers: Record<string, string> =
          authorization === undefined ? {} : { Authorization: authorization };
        const answer = await omoi.ask('get', TASKS, {
          headers: { ...headers, 'X-Request-Id': 'the-same' },
        });
        answers.push([answer.status, answer.headers['www-authenticate'], answer.body]);
      }

      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]).toEqual([
        401,
        'Bearer realm="omoi"',
        {
          type: 'urn:omoi:problem:auth.no_valid_key',
          title: 'Unauthorized',
          status: 401,
          detail: 'This needs a valid API key, as Authorization: Bearer <key>.',
          code: 'auth.no_valid_key',
          request_id: 'the-same',
        },
      ]);
    });

    it('is refused before its body, its header or its address is looked at', async () => {
      const answers = [
        await fetch(`${omoi.url}/api/v1/nowhere`),
        await fetch(`${omoi.url}/API/V1/ADMIN/API-KEYS`),
        await fetch(`${omoi.url}${KEYS}/`),
        await fetch(`${omoi.url}//api/v1/tasks`),
        await fetch(`${omoi.url}${TASKS}`, { method: 'POST', body: '{' }),
        await fetch(`${omoi.url}${TASKS}`, { headers: { 'X-Namespace': 'a b' } }),
        await fetch(`${omoi.url}${TASKS}`, { method: 'OPTIONS' }),
      ];

      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    });

    it('needs the scope whatever way its address is spelled', async () => {
      const { key } = await make({ name: 'reader', scopes: ['read'] });
      const spelled = ['/API/V1/ADMIN/API-KEYS', `${KEYS}/`];
      for (const path of spelled) {
        const { status } = await fetch(omoi.url + path, {
          headers: { Authorization: `Bearer ${key}` },
        });
        expect([path, status]).toEqual([path, 403]);
      }
    });

    it('needs no key for health and the documentation', async () => {
      for (const path of ['/health/live', '/health/ready', '/docs', '/docs-json']) {
        expect((await fetch(omoi.url + path)).status).toBe(200);
      }
    });

    it('does everything with the key of the settings', async () => {
      expect((await register(ADMIN_API_KEY, 'by-the-owner', 'owned')).status).toBe(201);
      expect(await idsSeen(ADMIN_API_KEY, 'owned')).toEqual(['by-the-owner']);
      expect(
        (await asked(ADMIN_API_KEY, 'get', '/api/v1/admin/doctor')).body.settings,
      ).toMatchObject({ AUTH: 'keys', ADMIN_API_KEY: 'set' });
    });

    it('stays in the namespace of its key, whatever its header says', async () => {
      const [one, other, every] = [
        await make({ namespace: 'one' }),
        await make({ namespace: 'other' }),
        await make({ namespace: null }),
      ];
      expect((await register(one.key, 'of-one', 'other')).status).toBe(201);
      expect((await register(other.key, 'of-other', 'not a namespace')).status).toBe(201);

      expect(await idsSeen(one.key)).toEqual(['of-one']);
      expect(await idsSeen(one.key, 'other')).toEqual(['of-one']);
      expect(await idsSeen(other.key, 'one')).toEqual(['of-other']);
      expect(await idsSeen(every.key, 'other')).toEqual(['of-other']);
      expect(await idsSeen(every.key)).toEqual([]);
      const crossing = await asked(one.key, 'get', `${TASKS}/of-other`);
      expect(crossing.status).toBe(404);
    });

    it('names its key as who asks, unless it says who', async () => {
      const { key, key_id } = await make({ namespace: 'actors', scopes: ['write', 'admin'] });
      await register(key, 'unsigned');
      await asked(key, 'post', TASKS, {
        body: { id: 'signed', type: 'demo' },
        headers: { 'X-Actor': 'ann' },
      });
      const { body } = await asked(key, 'get', '/api/v1/admin/events?type=task.registered');

      expect(body.items.map(({ actor }: { actor: string }) => actor)).toEqual([
        `key:${key_id}`,
        'ann',
      ]);
    });

    it('is counted, and refused with Retry-After when there were too many', async () => {
      const { key } = await make({ rate_limit_per_minute: 3 });
      const free = await make({});
      const statuses: number[] = [];
      let last: Response | null = null;
      for (let n = 0; n < 5; n += 1) {
        last = await asked(key, 'get', TASKS);
        statuses.push(last.status);
      }

      expect(statuses).toEqual([200, 200, 200, 429, 429]);
      const wait = Number(last?.headers['retry-after']);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
      expect(last?.body).toMatchObject({ code: 'auth.too_many_requests', status: 429 });
      expect((await asked(free.key, 'get', TASKS)).status).toBe(200);
    });
  });

  describe('a route', () => {
    it('of the document says its scope, but for health', () => {
      for (const { path, method, scope, ofService } of operations) {
        const isAdmins =
          path.startsWith('/api/v1/admin/') || (method === 'put' && scope === 'admin');
        if (path.startsWith('/health/')) expect(scope).toBeUndefined();
        else if (isAdmins) expect([path, scope]).toEqual([path, 'admin']);
        else if (method === 'get' || /\/(search|predict)$/.test(path)) {
          expect([path, scope, ofService]).toEqual([path, 'read', false]);
        } else expect([path, scope, ofService]).toEqual([path, 'write', false]);
      }
      expect(operations.length).toBeGreaterThan(60);
    });

    it('is refused without a key', async () => {
      for (const { method, path, scope } of operations) {
        if (scope === undefined) continue;
        const { status } = await omoi.ask(method, path);
        expect([method, path, status]).toEqual([method, path, 401]);
      }
    });

    it('is refused to a key that has every scope but its own', async () => {
      const keys = Object.fromEntries(
        await Promise.all(
          SCOPES.map(async (left) => {
            const scopes = SCOPES.filter((scope) => scope !== left);
            return [left, await make({ scopes, rate_limit_per_minute: 60_000 })] as const;
          }),
        ),
      );
      for (const { method, path, scope } of operations) {
        if (scope === undefined) continue;
        const { status, body } = await asked(keys[scope]?.key ?? '', method, path);
        expect([method, path, status, body.code]).toEqual([
          method,
          path,
          403,
          'auth.missing_scope',
        ]);
        expect(body.detail).toContain(`the scope ${scope}`);
      }
    });

    it('that concerns the service is refused to a key of one namespace', async () => {
      const { key } = await make({ namespace: 'mine', scopes: SCOPES });
      const allowed: string[] = [];
      for (const { method, path, scope, ofService } of operations) {
        if (scope !== 'admin') continue;
        if (!ofService) {
          allowed.push(`${method} ${path.replace('/api/v1/admin', '').split('/0')[0] ?? ''}`);
          continue;
        }
        const { status, body } = await asked(key, method, path);
        expect([path, status, body.code]).toEqual([path, 403, 'auth.not_of_the_service']);
      }

      expect([...new Set(allowed)].sort()).toEqual([
        'delete /webhooks',
        'get /events',
        'get /webhooks',
        'post /erase',
        'post /null-test',
        'post /webhooks',
      ]);
      const refused = await asked(key, 'post', '/api/v1/admin/webhooks', {
        body: { url: RECEIVER },
      });
      expect([refused.status, refused.body.code]).toEqual([403, 'auth.not_of_the_service']);
      expect((await asked(key, 'get', '/api/v1/admin/events')).status).toBe(200);
      expect((await asked(key, 'post', '/api/v1/admin/erase', { body: {} })).status).toBe(422);
    });
  });

  it('a stream ends within a second of the revocation of its key', async () => {
    const { key, key_id } = await make({ scopes: ['read'], namespace: 'streaming' });
    const stream = await fetch(`${omoi.url}/api/v1/events/stream`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(stream.status).toBe(200);
    const reader = stream.body?.getReader();
    await reader?.read();
    const ended = (async () => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    })().catch(() => undefined);
    // It is looked at, and stays while its key is good.
    await new Promise((resolve) => setTimeout(resolve, 700));
    await asked(ADMIN_API_KEY, 'post', `${KEYS}/${key_id}/revoke`);
    const began = performance.now();
    await ended;

    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('an answer that was over before its key was found is not looked after', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const leaving = new AbortController();
    const client = fetch(`http://127.0.0.1:${String(port)}`, { signal: leaving.signal });
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    const streams = omoi.app.get(OpenStreams, { strict: false });
    leaving.abort();
    await expect(client).rejects.toThrow();
    await once(response, 'close');
    streams.follow(response, 'Bearer late');
    server.close();

    // It would wait for a close that was before.
    expect(response.listenerCount('close')).toBe(0);
  });
});

describe('The first key', () => {
  let database: TestDatabase;
  const quiet = { PORT: '0', LOG_LEVEL: 'silent', EMBEDDING_WORKERS: '1', AUTH: 'keys' };

  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('has to be in the settings, until a key of the service can make others', async () => {
    const start = (): Promise<unknown> =>
      startService(new Settings({ ...quiet, ...database.env })).then((app) => app.close());
    await expect(start()).rejects.toThrow('The setting ADMIN_API_KEY is needed');

    const first = await startApp({ ...database.env, AUTH: 'keys', ADMIN_API_KEY });
    const make = async (body: object): Promise<Key> => {
      const headers = { Authorization: `Bearer ${ADMIN_API_KEY}` };
      const made = await first.ask('post', KEYS, { headers, body });
      return made.body as Key;
    };
    await make({ name: 'of a namespace', namespace: 'a', scopes: ['admin'] });
    await make({ name: 'no admin', namespace: null });
    await first.stop();
    await expect(start()).rejects.toThrow('The setting ADMIN_API_KEY is needed');

    const second = await startApp({ ...database.env, AUTH: 'keys', ADMIN_API_KEY });
    const headers = { Authorization: `Bearer ${ADMIN_API_KEY}` };
    const { body } = await second.ask('post', KEYS, {
      headers,
      body: { name: 'an admin', namespace: null, scopes: ['admin'] },
    });
    await second.stop();
    const third = await startApp({ ...database.env, AUTH: 'keys' });
    const with_ = (key: string): { headers: Record<string, string> } => ({
      headers: { Authorization: `Bearer ${key}` },
    });
    expect((await third.ask('get', KEYS, with_(body.key as string))).status).toBe(200);
    expect((await third.ask('get', KEYS, with_(ADMIN_API_KEY))).status).toBe(401);
    await third.stop();
  });
});
