import { Settings } from '#config';
import { UNREADABLE_LINE } from '#rest';
import { type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type NestExpressApplication } from '@nestjs/platform-express';
import request, { type Response } from 'supertest';
import { tinyApp } from './tiny-app.js';

let app: NestExpressApplication;
let server: Server;

beforeAll(async () => {
  app = await tinyApp();
  server = app.getHttpServer();
});

afterAll(() => app.close());

const THINGS = '/api/v1/things';

function expectProblem(answer: Response, status: number, code: string): void {
  expect(answer.body).toMatchObject({
    type: `urn:omoi:problem:${code}`,
    status,
    code,
    request_id: answer.headers['x-request-id'],
  });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
}

const fieldsOf = (answer: Response): string[] =>
  (answer.body as { errors: { field: string; message: string }[] }).errors.map(
    ({ field, message }) => `${field} ${message}`,
  );

describe('A request', () => {
  const at = (host: string, path = `${THINGS}/1`): Promise<Response> =>
    request(server).get(path).set('Host', host);

  it.each([
    'localhost',
    'LOCALHOST:80',
    'omoi.localhost:18000',
    '127.0.0.1:1',
    '127.8.9.1',
    '[::1]:2',
  ])('is answered when it names this machine: %s', async (host) => {
    expect((await at(host)).status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    '10.0.0.1',
    '[::2]',
    'x@127.0.0.1',
  ])('is refused before anything else when somebody else’s name led it here: %s', async (host) => {
    const paths = [`${THINGS}/1`, '/docs', '/docs-json', '/health/live', '/nowhere'];
    for (const path of paths) {
      const { status, type, body } = await at(host, path);
      expect([status, type, body.code]).toEqual([
        403,
        'application/problem+json',
        'request.host_not_local',
      ]);
    }
  });

  it.each([{ HOST: '0.0.0.0' }, { AUTH: 'keys', ADMIN_API_KEY: 'k'.repeat(32) }])(
    'may name the service otherwise where it is meant for others: %o',
    async (env) => {
      const settings = new Settings({ LOG_LEVEL: 'silent', ...env });
      const other = await tinyApp((builder) =>
        builder.overrideProvider(Settings).useValue(settings),
      );
      const { status } = await request(other.getHttpServer())
        .get('/health/live')
        .set('Host', 'omoi.example');
      await other.close();

      expect(status).toBe(200);
    },
  );

  it('keeps the id it came with, or gets one', async () => {
    const named = await request(server).get(`${THINGS}/1`).set('X-Request-Id', 'a.b:c_d-1');
    const unnamed = await request(server).get(`${THINGS}/1`);
    const odd = await request(server).get(`${THINGS}/1`).set('X-Request-Id', 'two words');

    expect(named.headers['x-request-id']).toBe('a.b:c_d-1');
    expect(unnamed.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is introduced to its handler', async () => {
    const plain = await request(server).get(`${THINGS}/1`).set('X-Request-Id', 'r');
    const full = await request(server)
      .post(`${THINGS}/1/complete`)
      .set('X-Request-Id', 'r')
      .set('X-Namespace', 'Team.A-1_x')
      .set('X-Actor', 'Ada <ada@example.org>')
      .set('Idempotency-Key', 'k 1')
      .set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
      .send({ a: 1 });

    expect(plain.body).toEqual({
      id: '1',
      caller: { namespace: 'default', requestId: 'r', actor: null, traceparent: null, key: null },
    });
    expect(full.body).toEqual({
      namespace: 'Team.A-1_x',
      requestId: 'r',
      actor: 'Ada <ada@example.org>',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      key: {
        name: 'http:/api/v1/things/:id/complete:k 1',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        keptHours: 24,
      },
    });
  });

  it('asks the same under a key whatever the order of its fields, and another on another path', async () => {
    const hashOf = async (path: string, body: string): Promise<string> => {
      const answer = await request(server)
        .post(`${THINGS}/${path}/complete`)
        .set('Idempotency-Key', 'k')
        .type('json')
        .send(body);
      return (answer.body as { key: { hash: string } }).key.hash;
    };
    const first = await hashOf('1', '{"a":1,"b":2}');

    expect(await hashOf('1', '{ "b":2, "a":1 }')).toBe(first);
    expect(await hashOf('1', '{"a":1,"b":3}')).not.toBe(first);
    expect(await hashOf('2', '{"a":1,"b":2}')).not.toBe(first);
  });

  it('has no key when it is not a POST, and no trace when that cannot be followed', async () => {
    const answer = await request(server)
      .put(`${THINGS}/1`)
      .set('Idempotency-Key', 'k')
      .set('traceparent', 'nonsense');

    expect(answer.body).toMatchObject({ caller: { key: null, traceparent: null } });
  });

  it.each([
    ['X-Namespace', '', 'request.bad_namespace'],
    ['X-Namespace', 'a b', 'request.bad_namespace'],
    ['X-Namespace', '$service', 'request.bad_namespace'],
    ['X-Namespace', 'n'.repeat(65), 'request.bad_namespace'],
    ['Idempotency-Key', '', 'request.bad_idempotency_key'],
    ['Idempotency-Key', 'k'.repeat(201), 'request.bad_idempotency_key'],
    ['Idempotency-Key', 'clé', 'request.bad_idempotency_key'],
    ['X-Actor', 'a'.repeat(201), 'request.bad_actor'],
  ])('is refused for %s: %j, on every route', async (name, value, code) => {
    expectProblem(await request(server).get(THINGS).set(name, value), 400, code);
    expectProblem(await request(server).get('/health/live').set(name, value), 400, code);
  });
});

describe('An address', () => {
  it('that is not there is 404, whatever is sent to it', async () => {
    expectProblem(await request(server).get('/api/v1/nothing'), 404, 'request.no_route');
    expectProblem(await request(server).get('/nothing'), 404, 'request.no_route');
    expectProblem(
      await request(server).post('/api/v1/nothing').type('form').send('a=1'),
      404,
      'request.no_route',
    );
  });

  it('that takes other methods says which', async () => {
    const answer = await request(server).patch(`${THINGS}/1`).send({});

    expectProblem(answer, 405, 'request.method_not_allowed');
    expect(answer.headers.allow).toBe('PUT, GET, HEAD, DELETE, OPTIONS');
  });

  it('outside the prefix says it too', async () => {
    const answer = await request(server).post('/health/live').send({});

    expectProblem(answer, 405, 'request.method_not_allowed');
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('answers HEAD as GET and OPTIONS with its methods', async () => {
    const head = await request(server).head(`${THINGS}/1`);
    const options = await request(server).options(THINGS);

    expect(head.status).toBe(200);
    expect(options.status).toBe(204);
    expect(options.headers.allow).toBe('POST, GET, HEAD, OPTIONS');
  });

  it('that cannot be decoded is 400', async () => {
    expectProblem(await request(server).get(`${THINGS}/%FF`), 400, 'request.unreadable');
  });

  it('tells nothing about what runs here', async () => {
    const answer = await request(server).get(THINGS);

    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('etag');
  });
});

describe('A body', () => {
  const post = (body: Buffer | string, type = 'application/json', path = THINGS) =>
    request(server).post(path).set('Content-Type', type).send(body);

  it('is needed where one is declared', async () => {
    expectProblem(await request(server).post(THINGS), 400, 'request.no_body');
    expectProblem(await post('', 'text/plain'), 400, 'request.no_body');
  });

  it('must be JSON', async () => {
    expectProblem(await post('a=1', 'text/plain'), 415, 'request.unsupported_media_type');
    expectProblem(await post('{"name": '), 400, 'request.unreadable_json');
    expectProblem(
      await post('{"name":"a"}\n', 'application/x-ndjson'),
      415,
      'request.unsupported_media_type',
    );
    expect((await post('{"name":"a"}', 'application/json; charset=utf-8')).status).toBe(201);
    expect((await post('\ufeff{"name":"a"}')).status).toBe(201);
  });

  it('must be UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);

    const sent = request(server).post(THINGS).type('json');
    sent.write(bytes);
    expectProblem(await sent, 400, 'request.not_utf8');
  });

  it.each(['[]', '5', 'null', '"text"', 'true'])('that is %s is not an object', async (body) => {
    const answer = await post(body);

    expectProblem(answer, 422, 'request.invalid');
    expect(fieldsOf(answer)).toEqual(['body must be an object']);
  });

  it('may nest 64 levels and no more', async () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    const inText = JSON.stringify({ name: '\\"[[{{'.repeat(50) });

    expect((await post(nested(64), undefined, `${THINGS}/search`)).status).toBe(200);
    expect((await post(inText, undefined, `${THINGS}/search`)).status).toBe(200);
    expectProblem(await post(nested(65)), 422, 'request.too_deep');
    expectProblem(await post('['.repeat(900_000)), 422, 'request.too_deep');
  });

  it('may have 1 MiB, unpacked, and a batch 32', async () => {
    const text = (size: number): string => JSON.stringify('x'.repeat(size - 2));
    const batch = '/api/v1/memory/store/batch';
    const packed = request(server).post(THINGS).type('json').set('Content-Encoding', 'gzip');
    packed.write(gzipSync(text(2 ** 20 + 1)));

    expect((await post(text(2 ** 20), undefined, `${THINGS}/search`)).status).toBe(200);
    expectProblem(await post(text(2 ** 20 + 1)), 413, 'request.too_large');
    expectProblem(await packed, 413, 'request.too_large');
    expect((await post(text(2 ** 25), undefined, batch)).body).toMatchObject({ type: 'string' });
    expectProblem(await post(text(2 ** 25 + 1), undefined, batch), 413, 'request.too_large');
  });

  it('in an unknown or broken encoding is refused', async () => {
    const sendEncoded = (encoding: string) =>
      request(server)
        .post(THINGS)
        .type('json')
        .set('Content-Encoding', encoding)
        .send('{"name":1}');

    expectProblem(await sendEncoded('rot13'), 415, 'request.unsupported_media_type');
    expectProblem(await sendEncoded('gzip'), 400, 'request.unreadable');
  });

  it('of a batch may be lines, each of which is read alone', async () => {
    const lines = '{"a":1}\n{"broken\n';
    const answer = await post(lines, 'application/x-ndjson', '/api/v1/memory/store/batch');

    expect(answer.status).toBe(207);
    expect(answer.body.lines).toEqual(['[object Object]', String(UNREADABLE_LINE)]);
  });
});

describe('A field', () => {
  it('that does not fit is named, with the reason in words', async () => {
    const answer = await request(server)
      .post(THINGS)
      .send({
        size: 1.5,
        kind: 'huge',
        filters: { tags: ['ok', 'too long', 3] },
        colour: 'red',
        shape: 1,
      });

    expectProblem(answer, 422, 'request.invalid');
    expect(fieldsOf(answer)).toEqual([
      'name is required',
      'size must be a whole number',
      'kind must be one of: big, small',
      'filters.tags.1 must be at most 5 characters',
      'filters.tags.2 must be a string',
      'colour is not a known field',
      'shape is not a known field',
    ]);
  });

  it.each([
    [{ name: 1 }, 'name must be a string'],
    [{ name: 'a', size: 0 }, 'size must be at least 1'],
    [{ name: 'a', size: 10 }, 'size must be at most 9'],
    [{ name: 'a', filters: [] }, 'filters must be an object'],
    [{ name: 'a', filters: { tags: 'a' } }, 'filters.tags must be a list'],
    [
      { name: 'a', filters: { tags: Array(61).fill('a') } },
      'filters.tags must have at most 60 entries',
    ],
  ])('of %j', async (body, said) => {
    expect(fieldsOf(await request(server).post(THINGS).send(body))).toEqual([said]);
  });

  it('keeps names that mean something to JavaScript', async () => {
    const body = '{"constructor":1,"prototype":2}';
    const answer = await request(server).put(`${THINGS}/1`).type('json').send(body);

    expect(answer.body).toMatchObject({ body: JSON.parse(body) as object });
  });

  it('is one of at most 50 that are listed', async () => {
    const tags = Array(60).fill(1);
    const answer = await request(server).post(THINGS).send({ name: 'a', filters: { tags } });

    expect(fieldsOf(answer)).toHaveLength(50);
  });

  it('in a path is named too', async () => {
    const answer = await request(server).get(`${THINGS}/${'x'.repeat(9)}`);

    expect(fieldsOf(answer)).toEqual(['id must be at most 8 characters']);
  });
});

describe('A query', () => {
  const list = (query: string) => request(server).get(`${THINGS}?${query}`);

  it('is read into numbers, truths and lists', async () => {
    const answer = await request(server)
      .post(`${THINGS}/search?limit=3&level=5&share=0.25&open=true&tags=a&tags=b`)
      .send({});

    expect(answer.body).toMatchObject({
      query: { limit: 3, level: 5, share: 0.25, open: true, tags: ['a', 'b'] },
    });
  });

  it('may name one of a list, and has a limit when it says none', async () => {
    const answer = await request(server).post(`${THINGS}/search?tags=a`).send({});

    expect(answer.body).toMatchObject({ query: { limit: 20, tags: ['a'] } });
  });

  it.each([
    ['limit=abc', 'limit must be a whole number from 1 to 100'],
    ['limit=', 'limit must be a whole number from 1 to 100'],
    ['limit=0', 'limit must be a whole number from 1 to 100'],
    ['limit=101', 'limit must be a whole number from 1 to 100'],
    ['limit=1e1', 'limit must be a whole number from 1 to 100'],
    ['limit=1&limit=2', 'limit must be given once'],
    ['share=1.1', 'share must be a number from 0 to 1'],
    ['share=NaN', 'share must be a number from 0 to 1'],
    ['open=yes', 'open must be true or false'],
    ['tags=abcdef', 'tags.0 must be at most 5 characters'],
    ['tags=a&tags=b&tags=c&tags=d', 'tags must have at most 3 entries'],
    ['colour=red', 'colour is not a known field'],
    ['__proto__=red', '__proto__ is not a known field'],
    ['cursor=abc', 'cursor is not a cursor of this list'],
    ['cursor=WyJhIl0', 'cursor is not a cursor of this list'],
  ])('%s is refused', async (query, said) => {
    const answer = await list(query);

    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([said]);
  });

  it('is refused by a route that takes none', async () => {
    const answer = await request(server).get(`${THINGS}/1?colour=red&size=2`);

    expectProblem(answer, 422, 'request.invalid');
    expect(fieldsOf(answer)).toEqual(['colour is not a known field', 'size is not a known field']);
  });
});

describe('A list', () => {
  it('is read page by page to its end', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await request(server).get(`${THINGS}?limit=2${next}`);
      const page = answer.body as { items: { id: string }[]; next_cursor: string | null };
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }

    expect(seen).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('A command', () => {
  it('answers 201, and 200 when it had been done before', async () => {
    const first = await request(server).post(THINGS).send({ name: 'a' });
    const again = await request(server).post(THINGS).send({ name: 'again' });

    expect([first.status, first.body]).toEqual([201, { id: 'a', note: null }]);
    expect([again.status, again.body]).toEqual([200, { id: 'again', note: null }]);
  });

  it('may answer nothing', async () => {
    const answer = await request(server).delete(`${THINGS}/1`);

    expect([answer.status, answer.text]).toEqual([204, '']);
  });
});

describe('A refusal', () => {
  const fail = (name: string) => request(server).post(`${THINGS}/1/faults/${name}`);

  it('has the status of its kind', async () => {
    expectProblem(await fail('conflict'), 409, 'thing.taken');
    expectProblem(await fail('missing'), 404, 'thing.not_found');
  });

  it('says when to come back', async () => {
    const busy = await fail('busy');
    const away = await fail('away');

    expectProblem(busy, 503, 'thing.busy');
    expectProblem(away, 503, 'thing.away');
    expect([busy, away].map(({ headers }) => headers['retry-after'])).toEqual(['2', '2']);
  });

  it.each(['bug', 'file'])('by mistake (%s) shows nothing of itself', async (name) => {
    const answer = await fail(name);

    expectProblem(answer, 500, 'service.failed');
    expect(answer.text).not.toMatch(/secret|stack|file/);
  });

  it('in the middle of an answer breaks the connection', async () => {
    await expect(request(server).get(`${THINGS}/1/half`)).rejects.toThrow(/aborted|hang up/);
  });
});
