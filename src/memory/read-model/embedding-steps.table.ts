import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import {
  endMigration,
  setSpaceStatus,
  takeMigration,
  type EmbeddingMigration,
} from './embedding-migration.js';
import { vectorsOf } from './memory-vectors.projection.js';
import type { VectorTable } from './vector-table.js';

/** How much of the speed that is told is that of the last look. */
const WEIGHT_OF_THE_LAST = 0.3;
/** Writers finish first: who waits longer for them gives way and tries again. */
const LOCK_TIMEOUT = '300ms';
/** So long nothing may be missing in the new space; later what is younger than that may. */
const STRICT_SECONDS = 10;

/** The tables of a migration: those that are searched, and those that shall be. */
export interface Between {
  readonly from: VectorTable;
  readonly to: VectorTable;
}

/** What happens to a migration on its way. Several processes may try; one does it. */
@Injectable()
export class EmbeddingStepsTable {
  constructor(private readonly database: Database) {}

  /** Notes how far it is. */
  async note({ id }: EmbeddingMigration, { from, to }: Between): Promise<void> {
    await this.database.as('omoi_projector', async (sql) => {
      if (await takeMigration(sql, id, false)) await note(sql, id, from, to);
    });
  }

  /**
   * Whether the new space has read as far as the old one, and no memory waits for its vector there that
   * has one in the old space. What has none in either does not hold anybody up.
   */
  async isFilled({ from, to }: Between): Promise<boolean> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ is_filled: boolean }>(
        `select coalesce(bool_and(anew.checkpoint >= living.checkpoint), false)
                and not exists (
                  select from ${to.pending} as pending
                    join ${from.name} as space
                      on space.namespace = pending.namespace
                     and space.memory_id = pending.memory_id) as is_filled
           from es.projection as living
           join es.projection as anew on anew.name = $2 and anew.status = 'active'
          where living.name = $1 and living.status = 'active'`,
        [vectorsOf(from.profile), vectorsOf(to.profile)],
      ),
    );

    return row?.is_filled ?? false;
  }

  /** Builds the index over the new vectors, and calls the space ready. */
  async makeReady({ id }: EmbeddingMigration, { from, to }: Between): Promise<boolean> {
    return this.database.as('omoi_owner', async (sql) => {
      if ((await takeMigration(sql, id, false))?.status !== 'filling') return false;
      await to.makeIndex(sql);
      await sql.query(`analyze ${to.name}`);
      await note(sql, id, from, to);
      await setSpaceStatus(sql, to.profile.key, 'ready');
      await sql.query(
        `update es.embedding_migration as migration
            set status = 'ready', ready_at = clock_timestamp()
          where migration.id = $1`,
        [id],
      );
      return true;
    });
  }

  /**
   * Has the new space searched, when it lacks no vector that the old one has; false when it has to be
   * tried again. Nobody adds to the old space meanwhile.
   */
  async trySwitch({ id }: EmbeddingMigration, { from, to }: Between): Promise<boolean> {
    return this.database.as('omoi_owner', async (sql) => {
      await sql.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
      const taken = await takeMigration(sql, id, false);
      if (taken?.status !== 'ready' || !taken.switch) return false;
      await sql.query(`lock table ${from.name} in share mode`);
      if (await lacks(sql, from, to, taken.ready_seconds ?? 0)) return false;
      await note(sql, id, from, to);
      await setSpaceStatus(sql, from.profile.key, 'retired');
      await setSpaceStatus(sql, to.profile.key, 'active');
      await endMigration(sql, id, 'switched');
      return true;
    });
  }
}

/** Whether the new space lacks what the old one has; under a load without an end, the latest may follow. */
async function lacks(
  sql: Sql,
  from: VectorTable,
  to: VectorTable,
  readySeconds: number,
): Promise<boolean> {
  const spared = readySeconds > STRICT_SECONDS ? STRICT_SECONDS : 0;
  const missing = await sql.query(
    `select 1
       from ${from.name} as space
       join task_memories as memory
         on memory.namespace = space.namespace and memory.id = space.memory_id
      where not exists (select from ${to.name} as anew
                         where anew.namespace = space.namespace
                           and anew.memory_id = space.memory_id)
        and memory.learned_at <= clock_timestamp() - $1 * interval '1 second'
      limit 1`,
    [spared],
  );

  return missing.length > 0;
}

async function note(sql: Sql, id: string, from: VectorTable, to: VectorTable): Promise<void> {
  const count = (table: string): string => `(select count(*)::int from ${table} as counted)`;
  await sql.query(
    `with now as materialized (
       select ${count(to.name)} as done, ${count(to.pending)} as pending,
              ${count(from.name)} + ${count(from.pending)} as before,
              clock_timestamp() as at
     ), speed as (
       select now.*, greatest(0, now.done - migration.done)
                     / greatest(.001, extract(epoch from now.at - migration.noted_at)) as latest
         from now
         join es.embedding_migration as migration on migration.id = $1
     )
     update es.embedding_migration as migration
        set done = speed.done, total = greatest(speed.done + speed.pending, speed.before),
            per_second = coalesce(migration.per_second
                                  + $2 * (speed.latest - migration.per_second), speed.latest),
            noted_at = speed.at
       from speed
      where migration.id = $1`,
    [id, WEIGHT_OF_THE_LAST],
  );
}
