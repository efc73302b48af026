import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResult } from 'pg';

/** An empty database of its own for one run. */
export interface FreshDatabase {
  /** `embedded`, or the server's name and version. */
  readonly name: string;
  /** The settings with which the service uses it. */
  readonly env: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** On the server of `DATABASE_URL` when that is set, else embedded in a temporary folder. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env.DATABASE_URL?.replace(/^postgres(ql)?\+\w+:/, 'postgresql:') ?? '';

  return server === '' ? embedded() : onServer(server);
}

async function embedded(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'omoi-bench-'));

  return {
    name: 'embedded',
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
