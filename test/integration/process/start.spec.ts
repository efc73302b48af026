import { once } from 'node:events';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import {
  judgeVersions,
  VERSIONS,
  type Verdict,
  type Versions,
} from '../../../src/database/versions.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { failedStart, startProcess } from '../../support/process.js';

const MODEL = 'models/all-MiniLM-L6-v2';

describe('A start', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await freshDatabase();
    folder = await mkdtemp(join(tmpdir(), 'omoi-start-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What is to be thought of the versions of the database; the embedded one comes with the product. */
  const verdict = async (): Promise<Verdict['status']> => {
    if (!isServer) return 'ok';
    const client = new Client({ connectionString: database.env.DATABASE_URL });
    await client.connect();
    const [row] = (await client.query<Versions>(VERSIONS)).rows;
    await client.end();

    return judgeVersions(row?.server ?? 0, row?.vector ?? null).status;
  };

  it('greets with its address, where its data is, and what is known against its pgvector', async () => {
    const service = await startProcess({ ...database.env, LOG_LEVEL: 'warn' });
    const said = service.output();

    expect(said).toContain(`Omoi Memory listens at ${service.url}`);
    expect(said).toContain(`${service.url}/docs`);
    expect(said).toContain(
      isServer
        ? 'the database of DATABASE_URL'
        : 'embedded database: for production set DATABASE_URL',
    );
    if (!isServer) expect(said).toContain(String(database.env.DATA_DIR));
    expect(said.includes('Before pgvector 0.8.4')).toBe((await verdict()) === 'warn');
    expect(await service.stop()).toBe(0);
  });

  it('says every setting that is wrong, in a sentence each', async () => {
    const { code, said } = await failedStart({
      ...database.env,
      PORT: 'eighty',
      EMBEDDING_PROVIDER: 'openai',
    });

    expect(code).toBe(1);
    expect(said).toBe(
      'The setting PORT must be a whole number from 0 to 65535.\n' +
        'The setting OPENAI_API_KEY is needed when EMBEDDING_PROVIDER is "openai".\n',
    );
  });

  it('says which port is in use, and leaves nothing behind that keeps the next from starting', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, said } = await failedStart({ ...database.env, PORT: String(port) });
    other.close();

    expect(code).toBe(1);
    expect(said).toContain(
      `The port ${String(port)} is in use: stop what listens there, or set PORT to another.\n`,
    );
    const service = await startProcess(database.env);
    expect(await service.stop()).toBe(0);
  });

  it('says which file of the model is missing', async () => {
    const { code, said } = await failedStart({ ...database.env, EMBEDDING_MODEL: folder });

    expect(code).toBe(1);
    expect(said).toContain('is missing');
    expect(said).toContain(folder);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('says which file of the model is corrupted', async () => {
    const copy = join(folder, 'all-MiniLM-L6-v2');
    await cp(MODEL, copy, { recursive: true });
    await truncate(join(copy, 'onnx/model_quantized.onnx'), 1_000_000);
    const { code, said } = await failedStart({ ...database.env, EMBEDDING_MODEL: copy });

    expect(code).toBe(1);
    expect(said).toContain('model_quantized.onnx');
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('says that a server cannot be reached', async () => {
    const { code, said } = await failedStart({
      DATABASE_URL: 'postgresql://somebody:secret@127.0.0.1:9/omoi',
    });

    expect(code).toBe(1);
    expect(said).toContain('The database omoi on 127.0.0.1 cannot be used');
    expect(said).not.toContain('secret');
  });

  if (isServer) {
    it('prints what a user with few rights has to have run, and starts once it was', async () => {
      const admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
      await admin.connect();
      const name = `few_rights_${String(process.pid)}`;
      await admin.query(`create role ${name} login`);
      await admin.query(`create database ${name}`);
      const url = new URL(process.env.TEST_DATABASE_URL ?? '');
      url.pathname = `/${name}`;
      const superuser = new Client({ connectionString: url.href });
      await superuser.connect();
      url.username = name;
      try {
        const { code, said } = await failedStart({ DATABASE_URL: url.href });
        expect(code).toBe(1);
        expect(said).toContain('The database is not ready for Omoi');

        await superuser.query(said.slice(said.indexOf('create extension')));
        const service = await startProcess({ DATABASE_URL: url.href });
        expect(await service.stop()).toBe(0);
      } finally {
        await superuser.end();
        await admin.query(`drop database ${name} with (force)`);
        await admin.end();
      }
    });
  }

  if (!isServer) {
    it('refuses a folder that another process works in, and takes over from one that was killed', async () => {
      const first = await startProcess(database.env);
      const { code, said } = await failedStart(database.env);

      expect(code).toBe(1);
      expect(said).toContain(`is in use by process ${String(first.pid)}`);
      expect(said.trim().split('\n')).toHaveLength(1);
      await first.killAll();
      const next = await startProcess(database.env);
      expect(await next.stop()).toBe(0);
    });

    it('takes over when only the service was killed and its database is still going', async () => {
      const first = await startProcess(database.env);
      const made = await fetch(`${first.url}/api/v1/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'kept', type: 'demo' }),
      });
      expect(made.status).toBe(201);
      process.kill(first.pid, 'SIGKILL');
      const next = await startProcess(database.env);
      const found = await fetch(`${next.url}/api/v1/tasks/kept`);

      expect(found.status).toBe(200);
      expect(await next.stop()).toBe(0);
    });
  }
});
