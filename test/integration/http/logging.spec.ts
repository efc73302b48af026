import { Settings } from '#config';
import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { pinoHttp } from 'pino-http';
import request from 'supertest';
import { logOptions, RequestLog } from '../../../src/http/logging.module.js';
import { tinyApp } from './tiny-app.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly req?: object;
}

let app: NestExpressApplication;
let server: Server;
const lines: string[] = [];

const written = (): Line[] => lines.map((line) => JSON.parse(line) as Line);

beforeAll(async () => {
  const log = pinoHttp(logOptions(new Settings({})), {
    write: (line: string) => {
      lines.push(line);
    },
  });
  app = await tinyApp((builder) => builder.overrideProvider(RequestLog).useValue({ log }));
  server = app.getHttpServer();
});

beforeEach(() => {
  lines.length = 0;
});

afterAll(() => app.close());

const THINGS = '/api/v1/things';

describe('The log', () => {
  it('says which request and whose, in the lines a handler writes too', async () => {
    await request(server)
      .post(THINGS)
      .set('X-Request-Id', 'r-1')
      .set('X-Namespace', 'team')
      .send({ name: 'a' });

    expect(written()).toMatchObject([
      { level: 30, context: 'things', msg: 'storing', request_id: 'r-1', namespace: 'team' },
      {
        level: 30,
        request_id: 'r-1',
        namespace: 'team',
        req: { method: 'POST', path: THINGS },
        res: { status: 201 },
      },
    ]);
  });

  it('holds no texts and no keys', async () => {
    await request(server)
      .post(`${THINGS}/search?tags=tag5`)
      .set('Authorization', 'Bearer sesame')
      .set('X-Actor', 'ada')
      .send({ secret: 'body7' });

    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(/tag5|sesame|body7|ada/);
  });

  it('has what was refused before a route was reached', async () => {
    await request(server).get(THINGS).set('X-Namespace', 'a b');

    expect(written()).toMatchObject([{ res: { status: 400 } }]);
    expect(written()[0]).not.toHaveProperty('namespace');
  });

  it('has the reason of a mistake, once, with its stack', async () => {
    await request(server).post(`${THINGS}/1/faults/bug`).set('X-Request-Id', 'r-2');

    expect(written()).toMatchObject([
      {
        level: 50,
        msg: 'service.failed',
        request_id: 'r-2',
        err: { message: 'the secret is 42', stack: expect.stringContaining('at ') },
      },
      { level: 50, res: { status: 500 } },
    ]);
    expect(written()[1]).not.toHaveProperty('err');
  });

  it('warns when something is away', async () => {
    await request(server).post(`${THINGS}/1/faults/away`);

    expect(written()[0]).toMatchObject({ level: 40, msg: 'thing.away' });
  });

  it('passes over health checks', async () => {
    await request(server).get('/health/live');

    expect(lines).toEqual([]);
  });

  it('knows no error when a client hangs up', async () => {
    const { port } = server.address() as AddressInfo;
    const head = `POST ${THINGS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head}Content-Length: 100\r\n\r\n{"name":`);
    });
    await once(server, 'request');
    socket.destroy();
    while (lines.length === 0) await setImmediate();

    expect(written()).toMatchObject([{ level: 30, msg: 'request aborted' }]);
  });

  it('knows no error when a client leaves before its answer', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${THINGS}/1/never HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    });
    await once(server, 'request');
    socket.destroy();
    while (lines.length < 2) await setImmediate();
    await setImmediate();

    expect(written()).toMatchObject([
      { level: 30, msg: 'request aborted' },
      { level: 30, msg: 'abandoned' },
    ]);
  });
});
