import { Settings } from '#config';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DatabaseLifetime } from './database-lifetime.js';
import { Database } from './database.js';
import { EmbeddedDatabase } from './embedded/embedded-database.js';
import { Maintenance } from './maintenance.js';
import { connectOrm, migrate, poolOf } from './orm.js';
import { VersionNotice } from './version-notice.js';

const EMBEDDED = Symbol('embedded database, or null');

/** The database of the whole house: started, migrated and closed here. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param options what MikroORM has to know: the entities and migrations, listed. */
  static with(options: Options): DynamicModule {
    const providers: Provider[] = [
      { provide: EMBEDDED, inject: [Settings], useFactory: startEmbedded },
      {
        provide: MikroORM,
        inject: [Settings, EMBEDDED],
        useFactory: async (settings: Settings, embedded: EmbeddedDatabase | null) => {
          const orm = await connectOrm(options, settings, embedded?.address ?? null);
          await migrate(orm, settings.databaseUrl);
          return orm;
        },
      },
      {
        provide: Database,
        inject: [MikroORM, EMBEDDED],
        // Embedded, all connections are one session, and the next would find the names taken.
        useFactory: async (orm: MikroORM, embedded: EmbeddedDatabase | null) =>
          new Database(await poolOf(orm), embedded === null),
      },
      {
        provide: DatabaseLifetime,
        inject: [MikroORM, EMBEDDED],
        useFactory: (orm: MikroORM, embedded: EmbeddedDatabase | null) =>
          new DatabaseLifetime(orm, embedded),
      },
      {
        provide: VersionNotice,
        inject: [Database],
        useFactory: (database: Database) => new VersionNotice(database),
      },
      {
        provide: Maintenance,
        inject: [Database, EMBEDDED],
        useFactory: (database: Database, embedded: EmbeddedDatabase | null) =>
          embedded ? new Maintenance(database) : null,
      },
    ];

    return { module: DatabaseModule, providers, exports: [Database, Maintenance, MikroORM] };
  }
}

async function startEmbedded(settings: Settings): Promise<EmbeddedDatabase | null> {
  if (settings.databaseUrl !== null) return null;
  const embedded = new EmbeddedDatabase(settings.dataDir);
  await embedded.start();

  return embedded;
}
