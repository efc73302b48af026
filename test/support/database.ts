import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** A migrated, empty database of its own for one suite. */
export interface TestDatabase {
  /** The settings with which a service uses it. */
  readonly env: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** Which database the suite runs on: `npm test` is embedded, `npm run test:server` a server. */
export const isServer = process.env.TEST_DATABASE_URL !== undefined;

const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is set by the global setup of the tests.`);

  return value;
};

export async function freshDatabase(): Promise<TestDatabase> {
  return isServer ? onServer(needed('TEST_DATABASE_URL')) : embedded();
}

async function embedded(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'omoi-test-'));
  await cp(needed('TEST_TEMPLATE'), folder, { recursive: true });

  return { env: { DATA_DIR: folder }, drop: () => rm(folder, { recursive: true, force: true }) };
}

async function onServer(server: string): Promise<TestDatabase> {
  const name = `omoi_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${name} template ${needed('TEST_TEMPLATE')}`);
  const url = new URL(server);
  url.pathname = `/${name}`;

  return {
    env: { DATABASE_URL: url.href },
    drop: () => asAdmin(server, `drop database if exists ${name} with (force)`),
  };
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
