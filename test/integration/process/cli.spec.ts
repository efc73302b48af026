import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { startProcess, type ServiceProcess } from '../../support/process.js';

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('The command line', () => {
  let database: TestDatabase;
  let service: ServiceProcess | null = null;

  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    await service?.stop();
    await database.drop();
  });

  /** Runs `omoi …` with the settings of the service. */
  const omoi = async (...args: string[]): Promise<Said> => {
    // A server is found at its usual address; the embedded database says where its service listens.
    const port = isServer && service !== null ? new URL(service.url).port : '1';
    const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
      env: { PATH: process.env.PATH ?? '', EMBEDDING_WORKERS: '1', PORT: port, ...database.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    const [code] = (await once(child, 'close')) as [number | null];

    return { code, ...said };
  };

  it('works on the data while no service runs', async () => {
    const { code, out, err } = await omoi('projections', 'rebuild', 'phases', '--json');

    expect([code, err]).toEqual([0, expect.stringContaining('one is started for this command')]);
    expect(JSON.parse(out)).toMatchObject({ projection: 'phases', status: 'swapped' });
  });

  it('shows no bar for a model that it cannot fetch', async () => {
    const { code, err } = await omoi('model', 'pull', 'some/model', '--to', 'models');

    expect([code, err]).toEqual([1, 'There is something in models already.\n']);
  });

  describe('while a service runs', () => {
    beforeAll(async () => {
      service = await startProcess({ ...database.env, EMBEDDING_WORKERS: '1' });
      await fetch(`${service.url}/api/v1/memory/store`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          task_id: 'task-1',
          task: { type: 'demo' },
          execution_summary: 'Mended the login',
          success: true,
        }),
      });
    });

    it('speaks to it', async () => {
      const list = await omoi('projections', 'list');
      expect([list.code, list.err]).toEqual([0, '']);
      expect(list.out).toMatch(/│ phases +│ projection │ 2 /);

      const phases = await omoi('--json', 'events', 'list', '--of-service', '--limit', '1');
      expect(JSON.parse(phases.out)).toMatchObject([{ type: 'phase.defined' }]);
      const events = await omoi('--json', 'events', 'list', '--type', 'memory.execution_stored');
      expect(JSON.parse(events.out)).toMatchObject([
        { text: { execution_summary: 'Mended the login' } },
      ]);
    });

    it.each(['switch', 'cancel', 'drop'])(
      'says where there is no change of the model to %s',
      async (verb) => {
        const { code, out } = await omoi('embeddings', verb);

        expect([code, out]).toEqual([1, expect.stringMatching(/^There is no change of the model/)]);
      },
    );

    it('shows how embeddings stand, changes the model, and goes back', async () => {
      const status = await omoi('embeddings', 'status');
      expect([status.code, status.err]).toEqual([0, '']);
      expect(status.out).toMatch(/│ all-MiniLM-L6-v2@\S+ │ active │ 384 /);

      const copy = await mkdtemp(join(tmpdir(), 'omoi-model-'));
      await cp('models/all-MiniLM-L6-v2', copy, { recursive: true });
      const { code, out, err } = await omoi('embeddings', 'migrate', copy, '--no-switch');
      expect([code, err]).toEqual([0, expect.stringMatching(/omoi-model-\S+ {2}\[=+\] 100 % /)]);
      expect(out).toMatch('are complete: omoi embeddings switch');
      const switched = await omoi('--json', 'embeddings', 'switch');
      expect(JSON.parse(switched.out)).toMatchObject({ status: 'switched', percent: 100 });
      const told = await omoi('embeddings', 'status');
      expect([told.code, told.out]).toEqual([1, expect.stringContaining('migrate with: omoi')]);

      await omoi('embeddings', 'migrate', 'models/all-MiniLM-L6-v2');
      const dropped = await omoi('embeddings', 'drop');
      expect([dropped.code, dropped.out]).toEqual([0, expect.stringContaining('was left')]);
      expect((await omoi('embeddings', 'cancel')).code).toBe(1);
      expect((await omoi('embeddings', 'migrate', 'models/none')).code).toBe(1);
      await rm(copy, { recursive: true });
    });

    it('shows a rebuild, what it would change, and takes it live', async () => {
      const { code, out, err } = await omoi('projections', 'rebuild', 'task-memories', '--diff');
      expect(code).toBe(0);
      expect(err).toMatch(/task-memories {2}\[=+\] 100 % /);
      expect(out).toMatch('Rows: 0 added, 0 removed, 0 changed.');
      const [, id = ''] = /omoi rebuilds swap (\S+)/.exec(out) ?? [];

      expect(await omoi('rebuilds', 'swap', id)).toMatchObject({
        code: 0,
        out: expect.stringContaining('Version 2 of task-memories is live.'),
      });
      expect((await omoi('projections', 'flip-back', 'task-memories')).out).toMatch(
        'Version 1 of task-memories is live.',
      );
    });

    it('says what chance alone would make of the log', async () => {
      const { code, out, err } = await omoi('null-test', '--shuffles', '2');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/│ outcomes +│ keys │ ever active │ % │ active │/);
      expect(out).toMatch(/│ as they were +│ 0 +│ 0 +│ 0 │ 0 +│/);
      expect(out).toMatch(/\nToo few executions for anything: .*\n$/);

      const again = await omoi('--json', 'null-test', '--seed', '7');
      expect(JSON.parse(again.out)).toMatchObject({ executions: 1, shuffles: 3, seed: 7 });

      const refused = await omoi('null-test', '--shuffles', '21');
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('shuffles')]);
      expect((await omoi('null-test', '--seed', 'x')).code).toBe(2);
    });

    it('tells by its exit code what became of it', async () => {
      expect(await omoi('projections', 'rebuild', 'nobody')).toMatchObject({
        code: 1,
        err: 'No projection is called nobody. (projection.unknown)\n',
      });
      expect((await omoi('nonsense')).code).toBe(2);
      expect((await omoi('events', 'list', '--limit', '0')).code).toBe(2);
      expect(await omoi('--url', 'http://127.0.0.1:1', 'doctor')).toMatchObject({
        code: 3,
        err: 'The service does not answer at this address.\n',
      });
      expect((await omoi('doctor')).code).toBe(0);
    });

    it('is not content with a change of the model that somebody else gave up', async () => {
      const givenUp = { migration_id: 'm', to: 'another', status: 'cancelled', ended_at: 'now' };
      const elsewhere = createServer((_request, response) => {
        response.end(JSON.stringify(givenUp));
      });
      await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
      const url = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}`;
      const migrated = await omoi('--url', url, 'embeddings', 'migrate', 'models/another');
      const cancelled = await omoi('--url', url, 'embeddings', 'cancel', 'm');
      elsewhere.close();

      expect([migrated.code, migrated.out]).toEqual([1, 'The change to another was given up.\n']);
      expect([cancelled.code, cancelled.out]).toEqual([0, migrated.out]);
    });

    it('says in its help how to rebuild', async () => {
      const { code, out } = await omoi('--help');

      expect(code).toBe(0);
      expect(out).toMatch('omoi projections rebuild learner --diff');
      expect((await omoi('projections', 'rebuild', '--help')).out).toMatch('beside the living');
    });
  });
});
