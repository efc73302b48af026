import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Away, Client, Refused } from './client.js';

describe('The client of the command line', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;

  beforeEach(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('says who asks, and what', async () => {
    answer = ({ method, url, headers }, response) => {
      const { authorization, 'x-namespace': namespace, 'content-type': type } = headers;
      response.end(JSON.stringify([method, url, namespace, authorization, type]));
    };
    const client = new Client(url, 'team', 'omoi_key');

    expect(await client.get('/namespaces', { limit: '1', cursor: undefined })).toEqual([
      'GET',
      '/api/v1/admin/namespaces?limit=1',
      'team',
      'Bearer omoi_key',
      null,
    ]);
    expect(await client.post('/erase', { task_id: 'é' })).toContain('application/json');
  });

  it('takes an answer without words', async () => {
    answer = (_request, response) => {
      response.writeHead(204).end();
    };

    const asked = new Client(url, 'team', null).delete('/namespaces/team');

    await expect(asked).resolves.toBeUndefined();
  });

  it('repeats what the service refuses', async () => {
    answer = (_request, response) => {
      response.writeHead(404).end(JSON.stringify({ detail: 'There is none.', code: 'a.b' }));
    };
    const asked = new Client(url, 'team', null).get('/namespaces');

    await expect(asked).rejects.toThrow(
      new Refused({ detail: 'There is none.', code: 'a.b' } as never),
    );
  });

  it.each<[string, RequestListener]>([
    ['nobody answers', (request) => request.socket.destroy()],
    [
      'the answer breaks off',
      (_request, response) => {
        response
          .writeHead(200, { 'Content-Length': 100 })
          .write('{"items":', () => response.destroy());
      },
    ],
    ['somebody else answers', (_request, response) => response.writeHead(502).end('<html>')],
    [
      'it is sent elsewhere',
      (_request, response) => response.writeHead(301, { Location: '/' }).end(),
    ],
  ])('finds the service away where %s', async (_what, listener) => {
    answer = listener;

    await expect(new Client(url, 'team', null).get('/namespaces')).rejects.toBeInstanceOf(Away);
  });

  it('finds it away at what is no address', async () => {
    for (const address of ['nonsense', 'localhost:3000', 'http://127.0.0.1:1']) {
      await expect(new Client(address, 'team', null).get('/namespaces')).rejects.toThrow(
        'The service does not answer at this address.',
      );
    }
  });
});
