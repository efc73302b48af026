import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { release, tinyApp } from './tiny-app.js';

const ask = (server: Server, agent: Agent, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: '127.0.0.1', path, agent }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer);
      });
    }).once('error', reject);
  });

describe('A stopping service', () => {
  it('finishes what it began, says goodbye and closes idle connections', async () => {
    const app = await tinyApp();
    const server = app.getHttpServer();
    const idle = new Agent({ keepAlive: true });
    const busy = new Agent({ keepAlive: true });
    const before = await ask(server, idle, '/api/v1/things/1');

    const asking = ask(server, busy, '/api/v1/things/1/slow');
    await new Promise((resolve) => server.once('request', resolve));
    const closed = app.close();
    while (server.listening) await setImmediate();
    release();
    const answer = await asking;
    await closed;

    expect(before.headers.connection).toBe('keep-alive');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe('close');
    expect(server.listening).toBe(false);
    idle.destroy();
    busy.destroy();
  });
});
