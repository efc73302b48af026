import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResult } from 'pg';
import { EMBEDDED } from './suite.js';

/** An empty database of its own for one run. */
export interface FreshDatabase {
  /** `EMBEDDED`, or the server's name and version. */
  readonly name: string;
  /** The settings with which the service uses it. */
  readonly env: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** On the server of `DATABASE_URL` when that is set, else embedded in a temporary folder. */
async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env.DATABASE_URL?.replace(/^postgres(ql)?\+\w+:/, 'postgresql:') ?? '';

  return server === '' ? embedded() : onServer(server);
}

/** Does `work` on a fresh database, and drops it. */
export async function withFreshDatabase<Result>(
  work: (database: FreshDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await freshDatabase();
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

async function embedded(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'omoi-bench-'));

  return {
    name: EMBEDDED,
    // Empty, so that the service does not take it from a `.env` file.
    env: { DATA_DIR: folder, DATABASE_URL: '' },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function onServer(server: string): Promise<FreshDatabase> {
  const name = `omoi_bench_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${name}`);
  const { rows } = await asAdmin(server, 'show server_version');
  const url = Object.assign(new URL(server), { pathname: `/${name}` });

  return {
    name: `PostgreSQL ${String(rows[0]?.server_version)}`,
    env: { DATABASE_URL: url.href },
    drop: async () => {
      await asAdmin(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asAdmin(
  server: string,
  statement: string,
): Promise<QueryResult<Record<string, unknown>>> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  try {
    return await admin.query(statement);
  } finally {
    await admin.end();
  }
}
