import { MikroORM } from '@mikro-orm/postgresql';
import { type INestApplicationContext } from '@nestjs/common';
import { Pool, type PoolConfig } from 'pg';
import { poolOf } from '../src/database/orm.js';
import { CannotRun } from './cannot-run.js';

/** How others than the product reach the database that it works on. */
export interface Connections {
  /** The embedded database has one connection for everybody. */
  readonly isEmbedded: boolean;
  /** The product's own pool. */
  readonly own: Pool;
  /** The address, as a connection string. */
  readonly url: string;
}

/** @throws CannotRun when the server acknowledges what is not on its disk */
export async function connectionsOf(house: INestApplicationContext): Promise<Connections> {
  const own = await poolOf(house.get(MikroORM));
  const { connectionString } = own.options;
  const isEmbedded = connectionString === undefined;
  // The embedded database never waits for its disk, and the documentation says so.
  if (!isEmbedded) await mustBeDurable(own);

  return { own, isEmbedded, url: connectionString ?? socketUrl(own.options) };
}

/** Does `work` on up to `most` connections of its own; embedded, on the product's only one. */
export async function withPool<Result>(
  { isEmbedded, own, url }: Connections,
  most: number,
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  if (isEmbedded) return work(own);

  const pool = new Pool({ connectionString: url, max: most });
  pool.on('error', cutOff);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** A connection that is slow to end is cut off when its database is dropped, and nobody minds. */
export const cutOff = (): void => undefined;

const socketUrl = ({ host = '', port = 0, user = '', database = '' }: PoolConfig): string =>
  `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;

async function mustBeDurable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select setting.name
       from pg_settings as setting
      where setting.name in ('fsync', 'synchronous_commit') and setting.setting = 'off'`,
  );
  const [off] = rows;
  if (off) {
    throw new CannotRun(`The server runs with ${off.name} off: it acknowledges what may get lost.`);
  }
}
