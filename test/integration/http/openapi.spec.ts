import { type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject } from '@nestjs/swagger';
import request, { type Response } from 'supertest';
import { answersAsIn, type Answered } from '../../support/openapi.js';
import { tinyApp } from './tiny-app.js';

let app: NestExpressApplication;
let server: Server;
let document: OpenAPIObject;

beforeAll(async () => {
  app = await tinyApp();
  server = app.getHttpServer();
  document = (await request(server).get('/docs-json')).body as OpenAPIObject;
});

afterAll(() => app.close());

const THINGS = '/api/v1/things';

describe('The document', () => {
  it('names the service, and has a page to read it on', async () => {
    const page = await request(server).get('/docs');

    expect(document.info).toMatchObject({ title: 'Omoi Memory', version: '1' });
    expect([page.status, page.type]).toEqual([200, 'text/html']);
    expect((await request(server).get('/docs/swagger-ui.css')).status).toBe(200);
    expect((await request(server).get('/docs/nothing')).status).toBe(404);
  });

  it('describes a query by what it is read into', () => {
    const parameters = document.paths[THINGS]?.get?.parameters ?? [];
    const schemas = Object.fromEntries(
      parameters
        .filter((each) => 'name' in each)
        .map(({ name, schema }): [string, unknown] => [name, schema]),
    );

    expect(schemas).toMatchObject({
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      cursor: { type: 'string' },
      tags: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 5 } },
      level: { type: 'integer', minimum: 1, maximum: 5 },
      share: { type: 'number', minimum: 0, maximum: 1 },
      open: { type: 'boolean' },
    });
    expect(parameters.every((each) => 'required' in each && !each.required)).toBe(true);
  });

  it('has the headers of every route, and a key for commands only', () => {
    const headersOf = (path: string, method: 'get' | 'post'): (string | undefined)[] =>
      (document.paths[path]?.[method]?.parameters ?? [])
        .map((each) => ('in' in each && each.in === 'header' ? each.name : undefined))
        .filter((name) => name !== undefined);

    expect(headersOf(THINGS, 'get')).toEqual(['X-Namespace', 'X-Request-Id', 'X-Actor']);
    expect(headersOf(THINGS, 'post')).toContain('Idempotency-Key');
    expect(headersOf('/health/live', 'get')).toEqual([]);
  });

  it('has the refusals of every route, and those a route adds', () => {
    const { get, post } = document.paths[THINGS] ?? {};

    expect(Object.keys(get?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(Object.keys(post?.responses ?? {})).toEqual([
      '200',
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(post?.responses['409']).toMatchObject({
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    });
  });

  it('says with which refusals it tells when to come back', () => {
    const responses = document.paths[THINGS]?.get?.responses ?? {};
    const telling = Object.entries(responses).filter(([, said]) => said && 'headers' in said);

    expect(telling).toEqual(
      ['429', '503'].map((status) => [
        status,
        expect.objectContaining({
          headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
        }),
      ]),
    );
    expect(document.components?.headers).toMatchObject({
      'Retry-After': { schema: { type: 'integer', minimum: 1 } },
    });
  });

  it('takes keys that are nothing but keys', () => {
    expect(document.components?.securitySchemes).toEqual({
      'api-key': {
        type: 'http',
        scheme: 'bearer',
        description: expect.any(String) as unknown,
      },
    });
  });

  it('names what has a name', () => {
    expect(document.components?.schemas).toMatchObject({
      Problem: { type: 'object', properties: { errors: { type: 'array' } } },
      Stored: { type: 'object', properties: { note: { type: 'string', nullable: true } } },
    });
  });
});

describe('An answer', () => {
  const answered = (
    method: string,
    path: string,
    { status, headers, body }: Response,
  ): Answered => ({
    method,
    path,
    status,
    type: headers['content-type'],
    body: body as unknown,
  });

  it('is what the document says', async () => {
    const check = answersAsIn(document);

    check(answered('POST', THINGS, await request(server).post(THINGS).send({ name: 'a' })));
    check(answered('POST', THINGS, await request(server).post(THINGS).send({ name: 1 })));
    check(answered('GET', `${THINGS}?limit=2`, await request(server).get(`${THINGS}?limit=2`)));
    check(answered('DELETE', `${THINGS}/1`, await request(server).delete(`${THINGS}/1`)));
  });

  it('is refused by the check when it is anything else', () => {
    const check = answersAsIn(document);
    const good: Answered = {
      method: 'POST',
      path: THINGS,
      status: 201,
      type: 'application/json; charset=utf-8',
      body: { id: '1', note: null },
    };
    check(good);

    expect(() => {
      check({ ...good, body: { id: 1, note: null } });
    }).toThrow('body/id must be string');
    expect(() => {
      check({ ...good, body: { ...(good.body as object), more: 1 } });
    }).toThrow('additional');
    expect(() => {
      check({ ...good, status: 418 });
    }).toThrow('the status is not documented');
    expect(() => {
      check({ ...good, type: 'text/html' });
    }).toThrow('the type text/html is not');
    expect(() => {
      check({ ...good, path: '/other' });
    }).toThrow('the route is not documented');
    expect(() => {
      check({ ...good, method: 'DELETE', path: `${THINGS}/1`, status: 204 });
    }).toThrow('the body is not documented');
  });
});
