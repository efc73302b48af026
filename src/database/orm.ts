import type { Settings } from '#config';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Logger } from '@nestjs/common';
import { Client, type Pool } from 'pg';
import type { SocketAddress } from './embedded/embedded-database.js';
import { judgeVersions, VERSIONS, type Versions } from './versions.js';

/** How long a request waits for a connection before it is told that the database is away. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Two migrating processes take turns; any number serves, as long as nobody else uses it. */
const MIGRATION_LOCK = 7_301_846;

/** A server that lacks what the service needs; the message holds the SQL to run. */
export class DatabaseNotReady extends Error {
  override readonly name = 'DatabaseNotReady';
}

/** MikroORM on a server (`DATABASE_URL`) or on the embedded database's only connection. */
export async function connectOrm(
  options: Options,
  settings: Settings,
  embedded: SocketAddress | null,
): Promise<MikroORM> {
  const connection = embedded
    ? { ...embedded, max: 1, idleTimeoutMillis: 0 }
    : { connectionString: settings.databaseUrl ?? '', max: settings.databasePool, pipeline: true };

  const log = new Logger('MikroORM');

  return MikroORM.init({
    ...options,
    colors: false,
    logger: (message) => {
      log.debug(message);
    },
    ...(embedded ? { dbName: embedded.database } : { clientUrl: settings.databaseUrl ?? '' }),
    driverOptions: {
      ...connection,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'omoi-memory',
    },
  });
}

export async function poolOf(orm: MikroORM): Promise<Pool> {
  return orm.em.getDriver().getConnection().getNativeClient();
}

/**
 * Brings the schema up to date.
 * @throws DatabaseNotReady when the login role may not do what has to be done.
 */
export async function migrate(orm: MikroORM, databaseUrl: string | null): Promise<void> {
  if (databaseUrl === null) {
    await orm.migrator.up();
    return;
  }

  const lock = new Client({ connectionString: databaseUrl });
  try {
    await lock.connect();
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await orm.migrator.up();
    await mustBeRecent(lock);
  } catch (error) {
    throw explain(error, databaseUrl);
  } finally {
    await lock.end().catch(() => undefined);
  }
}

async function mustBeRecent(client: Client): Promise<void> {
  const { rows } = await client.query<Versions>(VERSIONS);
  const { server, vector } = rows[0] ?? { server: 0, vector: null };
  const { status, advice } = judgeVersions(server, vector);
  if (status === 'fail') {
    throw new Error(`${advice ?? ''} This is ${String(server)} with ${vector ?? 'none'}.`);
  }
}

function explain(error: unknown, databaseUrl: string): unknown {
  const { code, message } = error as { code?: string; message: string };
  const { hostname, username, pathname } = new URL(databaseUrl);
  if (code === '42501' || code === '0A000' || code === '58P01') {
    return new DatabaseNotReady(preparation(decodeURIComponent(username), message));
  }

  return new DatabaseNotReady(
    `The database ${pathname.slice(1)} on ${hostname} cannot be used: ${message}`,
  );
}

const preparation = (user: string, reason: string): string =>
  `The database is not ready for Omoi (${reason}). Run this once as a superuser, in that database:

  create extension if not exists vector;
  alter role "${user}" createrole;
  grant usage, create on schema public to "${user}" with grant option;
  do $$ begin execute format('grant create on database %I to "${user}"', current_database()); end $$;
`;
