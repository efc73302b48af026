import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/app.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { startProcess, type ServiceProcess } from '../../support/process.js';

/** A way to take the database away from a running service, and to give it back. */
interface Interruption {
  readonly env: Readonly<Record<string, string>>;
  takeAway(service: ServiceProcess): Promise<void>;
  giveBack(): Promise<void>;
  end(): Promise<void>;
}

describe('A database that goes away and comes back', () => {
  let database: TestDatabase;
  let interruption: Interruption;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await freshDatabase();
    interruption = isServer ? await throughProxy(database.env) : killedChild(database.env);
    service = await startProcess(interruption.env);
  });
  afterAll(async () => {
    await service.stop();
    await interruption.end();
    await database.drop();
  });

  const post = (id: string): Promise<{ status: number; body: Record<string, unknown> }> =>
    fetch(`${service.url}/api/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, type: 'demo' }),
    }).then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown>,
    }));

  it('costs a clear refusal and nothing that was acknowledged', async () => {
    expect((await post('before')).status).toBe(201);
    await interruption.takeAway(service);

    const statuses: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const { status, body } = await post(`during-${String(n)}`);
      statuses.push(status);
      if (status !== 201) expect(body).toMatchObject({ status: 503, code: 'database.unavailable' });
    }
    if (isServer) expect(statuses).toEqual(Array.from({ length: 10 }, () => 503));

    await interruption.giveBack();
    await eventually(
      () => fetch(`${service.url}/health/ready`).then(({ status }) => status),
      (status) => status === 200,
    );
    expect((await post('after')).status).toBe(201);
    const acknowledged = statuses.flatMap((status, n) => (status === 201 ? [`during-${n}`] : []));
    for (const id of ['before', ...acknowledged, 'after']) {
      expect((await fetch(`${service.url}/api/v1/tasks/${id}`)).status).toBe(200);
    }
  });
});

/** The embedded database is a child of the service, which starts it again. */
function killedChild(env: Readonly<Record<string, string>>): Interruption {
  return {
    env,
    takeAway: ({ pid }) => {
      const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)]).toString();
      const line = children.split('\n').find((child) => child.includes('database/embedded'));
      process.kill(Number(line?.trim().split(' ', 1)[0]), 'SIGKILL');
      return Promise.resolve();
    },
    giveBack: () => Promise.resolve(),
    end: () => Promise.resolve(),
  };
}

/** Between the service and the server stands a proxy that can be switched off. */
async function throughProxy(env: Readonly<Record<string, string>>): Promise<Interruption> {
  const url = new URL(env.DATABASE_URL ?? '');
  const open = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((client) => {
      const upstream = connect(Number(url.port), url.hostname);
      for (const socket of [client, upstream]) {
        open.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const takeAway = async (): Promise<void> => {
    const closed = once(server.close(), 'close');
    open.forEach((socket) => socket.destroy());
    await closed;
  };
  const proxied = new URL(url);
  proxied.port = String(port);

  return {
    env: { DATABASE_URL: proxied.href },
    takeAway,
    giveBack: async () => {
      server = await listen(port);
    },
    end: takeAway,
  };
}
