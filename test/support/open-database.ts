import type { MikroORM } from '@mikro-orm/postgresql';
import ormOptions from '../../mikro-orm.config.js';
import { Settings } from '../../src/config/index.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { Database } from '../../src/database/index.js';
import { connectOrm, poolOf } from '../../src/database/orm.js';
import { freshDatabase } from './database.js';

/** A migrated database without a service around it. */
export interface OpenDatabase {
  readonly orm: MikroORM;
  readonly database: Database;
  close(): Promise<void>;
}

export async function openDatabase(): Promise<OpenDatabase> {
  const fresh = await freshDatabase();
  const settings = new Settings({ ...fresh.env, DATABASE_POOL: '40' });
  const embedded = settings.databaseUrl === null ? new EmbeddedDatabase(settings.dataDir) : null;
  await embedded?.start();
  const orm = await connectOrm(ormOptions, settings, embedded?.address ?? null);

  return {
    orm,
    database: new Database(await poolOf(orm)),
    close: async () => {
      await orm.close(true);
      await embedded?.stop();
      await fresh.drop();
    },
  };
}
