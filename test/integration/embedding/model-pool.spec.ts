import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kill } from 'node:process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ModelPool } from '../../../src/embedding/pool/model-pool.js';

const BUNDLED = resolve('models/all-MiniLM-L6-v2');
const query = { priority: 'query' } as const;
const ingest = { priority: 'ingest' } as const;

describe('A pool', () => {
  let pool: ModelPool;

  afterEach(() => pool.close());

  const opened = async ({
    folder = BUNDLED,
    processes = 1,
    waiting = 100,
    timeoutMs = 10_000,
  } = {}): Promise<ModelPool> => {
    pool = new ModelPool({ folder, maxTokens: 256 }, { waiting, timeoutMs });
    await pool.start(processes);

    return pool;
  };

  /** A process that is asked and never answers, until it is told to go on or killed. */
  const stopped = (): number => {
    const [pid = 0] = pool.pids;
    kill(pid, 'SIGSTOP');

    return pid;
  };

  it('lets a query overtake what waits to be ingested', async () => {
    await opened();
    const order: string[] = [];
    const texts = ['one', 'two', 'three'].map((text) =>
      pool.embed([text], ingest).then(() => order.push(text)),
    );
    const asked = pool.embed(['asked'], query).then(() => order.push('asked'));
    await Promise.all([...texts, asked]);

    expect(order).toEqual(['one', 'asked', 'two', 'three']);
  });

  it('reads as many texts at a time as it has processes', async () => {
    await opened({ processes: 2 });
    const pid = stopped();
    const [held, read] = [pool.embed(['a'], ingest), pool.embed(['b'], ingest)];

    await Promise.race([held, read]);
    kill(pid, 'SIGCONT');
    expect((await Promise.all([held, read])).flat()).toHaveLength(2);
  });

  it('reads a text again when its process was killed over it', async () => {
    await opened();
    const pid = stopped();
    const read = pool.embed(['hello', 'world'], ingest);
    kill(pid, 'SIGKILL');

    expect(await read).toHaveLength(2);
    expect(pool.pids).toHaveLength(1);
    expect(pool.pids).not.toContain(pid);
  });

  it('replaces a process that was killed while it had nothing to do', async () => {
    await opened();
    kill(pool.pids[0] ?? 0, 'SIGKILL');

    expect(await pool.embed(['hello'], query)).toHaveLength(1);
  });

  it('kills and replaces a process that takes too long', async () => {
    await opened({ timeoutMs: 3_000 });
    const pid = stopped();

    await expect(pool.embed(['hello'], query)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'embedding.timed_out',
    });
    expect(() => kill(pid, 0)).toThrow('ESRCH');
    expect(await pool.embed(['hello'], query)).toHaveLength(1);
  });

  it('refuses a call when too many texts wait, and leaves queries their own line', async () => {
    await opened({ waiting: 2 });
    const pid = stopped();
    const taken = ['read', 'waits', 'waits'].map((text) => pool.embed([text], ingest));

    await expect(pool.embed(['one more'], ingest)).rejects.toMatchObject({
      kind: 'overloaded',
      code: 'embedding.overloaded',
    });
    const asked = pool.embed(['asked'], query);
    kill(pid, 'SIGCONT');
    expect(await Promise.all([...taken, asked])).toHaveLength(4);
  });

  it('takes out of the line what nobody waits for', async () => {
    await opened({ waiting: 1 });
    const pid = stopped();
    const read = pool.embed(['read'], ingest);
    const leaving = new AbortController();
    const left = pool.embed(['left'], { ...ingest, signal: leaving.signal });
    leaving.abort(new Error('gone'));

    await expect(left).rejects.toThrow('gone');
    const next = pool.embed(['next'], ingest);
    kill(pid, 'SIGCONT');
    expect((await Promise.all([read, next])).flat()).toHaveLength(2);
  });

  it('does not take on a call that was called off before', async () => {
    await opened();
    const signal = AbortSignal.abort(new Error('gone'));

    await expect(pool.embed(['hello'], { ...query, signal })).rejects.toThrow('gone');
  });

  it('finishes what is being read and refuses what waits when it is closed', async () => {
    await opened();
    const { pids } = pool;
    const read = pool.embed(['hello'], ingest);
    const waiting = expect(pool.embed(['world'], ingest)).rejects.toThrow('stopping');
    await pool.close();

    await waiting;
    expect(await read).toHaveLength(1);
    await expect(pool.embed(['late'], query)).rejects.toMatchObject({ code: 'embedding.failed' });
    expect(() => kill(pids[0] ?? 0, 0)).toThrow('ESRCH');
  });

  it('refuses while its model is gone, and reads again when it is back', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'pool-'));
    const [folder, away] = [join(parent, 'model'), join(parent, 'away')];
    await cp(BUNDLED, folder, { recursive: true });
    await opened({ folder });
    await rename(folder, away);
    kill(pool.pids[0] ?? 0, 'SIGKILL');

    await expect(pool.embed(['hello'], query)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'embedding.failed',
    });
    await rename(away, folder);
    let answer = null;
    while (answer === null) answer = await pool.embed(['hello'], query).catch(breathe);
    expect(answer).toHaveLength(1);
    await rm(parent, { recursive: true });
  });
});

const breathe = (): Promise<null> =>
  new Promise((resolve) => {
    setTimeout(resolve, 50, null);
  });
