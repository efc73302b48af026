import { Database, type Sql } from '#database';
import type { EmbeddingProfile, NamedModel } from '#embedding';
import { forgetProjection } from '#event-store';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';
import {
  endMigration,
  findMigration,
  latestMigration,
  migrationOver,
  migrationRunning,
  nothingToDrop,
  openMigration,
  setSpaceStatus,
  takeMigration,
  untoldMigrations,
  type EmbeddingMigration,
} from './embedding-migration.js';
import { vectorsOf } from './memory-vectors.projection.js';
import type { VectorTable } from './vector-table.js';

/** How long the space that was searched before is kept. */
const GRACE_HOURS = 24;
/** Until then every process has left it. */
const LAST_READERS_SECONDS = 5;

/** Migrations as they are begun and ended. What happens between stands next door. */
@Injectable()
export class EmbeddingMigrationsTable {
  constructor(private readonly database: Database) {}

  open(): Promise<EmbeddingMigration | null> {
    return this.database.as('omoi_projector', openMigration);
  }

  untold(): Promise<EmbeddingMigration[]> {
    return this.database.as('omoi_projector', untoldMigrations);
  }

  latest(): Promise<EmbeddingMigration | null> {
    return this.database.as('omoi_projector', latestMigration);
  }

  /** @throws DomainError `embedding.migration_unknown` */
  find(id: string): Promise<EmbeddingMigration> {
    return this.database.as('omoi_projector', (sql) => findMigration(sql, id));
  }

  /**
   * Registers a space as the next one, and the way to it.
   * @throws DomainError `embedding.migration_running`
   */
  begin(profile: EmbeddingProfile, named: NamedModel, isSwitched: boolean): Promise<string> {
    const id = newId();

    return this.database.as('omoi_owner', async (sql) => {
      await sql.query('lock table es.embedding_migration in share row exclusive mode');
      if (await openMigration(sql)) throw migrationRunning();
      await register(sql, profile, named);
      await sql.query(
        `insert into es.embedding_migration (id, from_key, to_key, status, switch)
         select $1, active.model_key, $2, 'filling', $3
           from es.embedding_profile as active
          where active.status = 'active'`,
        [id, profile.key, isSwitched],
      );
      return id;
    });
  }

  /** @throws DomainError `embedding.migration_unknown`, `embedding.migration_over` */
  async wantSwitch(id: string): Promise<void> {
    await this.take(id, (sql) =>
      sql.query(
        'update es.embedding_migration as migration set switch = true where migration.id = $1',
        [id],
      ),
    );
  }

  /** Gives it up; its tables are dropped next. @throws as `wantSwitch` */
  async cancel(id: string): Promise<void> {
    await this.take(id, async (sql, { to_key }) => {
      await setSpaceStatus(sql, to_key, 'cancelled');
      await endMigration(sql, id, 'cancelled');
    });
  }

  /**
   * Ends the time of grace of the space that it left.
   * @throws DomainError `embedding.migration_unknown`, `embedding.nothing_to_drop`
   */
  async drop(id: string): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      const { status, from_key } = await findMigration(sql, id);
      const dropped = status === 'switched' ? await drop(sql, 'space.model_key = $1', from_key) : 0;
      if (dropped === 0) throw nothingToDrop(id);
    });
  }

  /** Ends the time of grace of those that had it. */
  async dropOld(): Promise<void> {
    await this.database.as('omoi_owner', (sql) =>
      drop(sql, `space.since < clock_timestamp() - $1 * interval '1 hour'`, GRACE_HOURS),
    );
  }

  async told(id: string): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        'update es.embedding_migration as migration set is_told = true where migration.id = $1',
        [id],
      ),
    );
  }

  /**
   * Drops the tables of a space that was given up, once nobody can be in them any more; gives whether
   * they are gone. Whoever comes second finds nothing.
   */
  forget({ name, pending, profile }: VectorTable): Promise<boolean> {
    return this.database.as('omoi_owner', async (sql) => {
      const due = await sql.query(
        `select 1
           from es.embedding_profile as space
          where space.model_key = $1 and space.status in ('cancelled', 'dropped')
            and space.since < clock_timestamp() - $2 * interval '1 second'
            for update`,
        [profile.key, LAST_READERS_SECONDS],
      );
      if (due.length > 0) await forgetProjection(sql, vectorsOf(profile), [pending, name]);
      return due.length > 0;
    });
  }

  private async take(
    id: string,
    work: (sql: Sql, migration: EmbeddingMigration) => Promise<unknown>,
  ): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      const taken = await takeMigration(sql, id, true);
      if (!taken) throw migrationOver(await findMigration(sql, id));
      await work(sql, taken);
    });
  }
}

/** Of retired ones. Their vectors leave the cache as well: nobody reads them again. */
async function drop(sql: Sql, which: string, value: unknown): Promise<number> {
  const dropped = await sql.query<{ model_key: string }>(
    `update es.embedding_profile as space set status = 'dropped', since = clock_timestamp()
      where space.status = 'retired' and ${which}
     returning space.model_key`,
    [value],
  );
  await sql.query('delete from es.embedding_cache as cache where cache.model_key = any($1)', [
    dropped.map(({ model_key }) => model_key),
  ]);

  return dropped.length;
}

async function register(sql: Sql, profile: EmbeddingProfile, named: NamedModel): Promise<void> {
  await sql.query(
    `insert into es.embedding_profile
            (model_key, slug, provider, model, dimensions, search_threshold, suggest_threshold, status)
     values ($1, $2, $3, $4, $5, $6, $7, 'filling')
     on conflict (model_key) do update
        set provider = excluded.provider, model = excluded.model, status = excluded.status,
            search_threshold = excluded.search_threshold,
            suggest_threshold = excluded.suggest_threshold, since = clock_timestamp()`,
    [
      profile.key,
      profile.slug,
      named.provider,
      named.model,
      profile.dimensions,
      profile.searchThreshold,
      profile.suggestThreshold,
    ],
  );
}
