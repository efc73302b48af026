import { Database, type Sql } from '#database';
import type { EmbeddingProfile, NamedModel } from '#embedding';
import { forgetProjection } from '#event-store';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';
import {
  beingIndexed,
  endMigration,
  findMigration,
  latestMigration,
  migrationOver,
  migrationRunning,
  modelIsActive,
  nameTaken,
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
/** Everybody who takes a migration is through sooner, but for him who builds the index. */
const PATIENCE = '2s';
const LOCK_TIMED_OUT = '55P03';
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
   * Registers a space as the next one, with its tables, and the way to it.
   * @throws DomainError `embedding.migration_running`; `embedding.model_is_active` or
   * `embedding.name_taken` naming `model`
   */
  begin(table: VectorTable, named: NamedModel, isSwitched: boolean): Promise<string> {
    const { profile } = table;
    const id = newId();

    return this.database.as('omoi_owner', async (sql) => {
      await sql.query('lock table es.embedding_migration in share row exclusive mode');
      if (await openMigration(sql)) throw migrationRunning();
      const from = await left(sql, profile);
      await register(sql, profile, named);
      // Registered first: whoever drops tables of that name has done so by now, or finds it registered.
      await table.makeEmpty(sql);
      await sql.query(
        `insert into es.embedding_migration (id, from_key, to_key, status, switch)
         values ($1, $2, $3, 'filling', $4)`,
        [id, from, profile.key, isSwitched],
      );
      return id;
    });
  }

  /**
   * @throws DomainError `embedding.migration_unknown`, `embedding.migration_over`,
   * `embedding.being_indexed`
   */
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
    const taking = this.database.as('omoi_owner', async (sql) => {
      await sql.query(`set local lock_timeout = '${PATIENCE}'`);
      const taken = await takeMigration(sql, id, true);
      if (!taken) throw migrationOver(await findMigration(sql, id));
      await work(sql, taken);
    });
    await taking.catch((error: unknown) => {
      throw (error as { code?: unknown }).code === LOCK_TIMED_OUT ? beingIndexed() : error;
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

/** The key of the space that is left for another one. @throws DomainError as `begin` */
async function left(sql: Sql, { key, slug }: EmbeddingProfile): Promise<string> {
  const found = await sql.query<{ model_key: string; slug: string; status: string }>(
    `select space.model_key, space.slug, space.status
       from es.embedding_profile as space
      where space.status = 'active' or space.slug = $1`,
    [slug],
  );
  const active = found.find(({ status }) => status === 'active');
  if (!active) throw new Error('No vector space is active.');
  if (active.model_key === key) throw modelIsActive(key);
  const namesake = found.find((space) => space.slug === slug && space.model_key !== key);
  if (namesake) throw nameTaken(namesake.model_key);

  return active.model_key;
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
