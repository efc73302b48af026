import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Database } from './database.js';

/** Often: a table that grows fast is planned for as if it were what it was at the last look. */
const EVERY_MS = 15_000;

/** Tables that changed by a tenth or a fifth, as autovacuum judges it with its usual settings. */
const CHANGED_TABLES = `
  select stat.relid::regclass::text as name,
         stat.n_dead_tup > 50 + .2 * known.rows
           or stat.n_ins_since_vacuum > 1000 + .2 * known.rows as is_littered
    from pg_stat_all_tables as stat
    join pg_class as class on class.oid = stat.relid and class.relkind = 'r'
   cross join lateral (select greatest(class.reltuples, 0) as rows) as known
   where stat.n_mod_since_analyze > 50 + .1 * known.rows
      or stat.n_dead_tup > 50 + .2 * known.rows
      or stat.n_ins_since_vacuum > 1000 + .2 * known.rows
   order by 1`;

/**
 * Words are told by their columns: of those the planner keeps no samples. Vectors are none, and their
 * index would take minutes to make again.
 */
const WORDY_TABLES = `
  select class.oid::regclass::text as name
    from pg_class as class
    join pg_namespace as place on place.oid = class.relnamespace
   where class.relkind = 'r' and place.nspname in ('public', 'es', 'es_building', 'es_retired')
     and exists (select from pg_attribute as part
                  where part.attrelid = class.oid and part.attnum > 0 and part.attstattarget = 0)
   order by 1`;

/**
 * What a PostgreSQL server does by itself and the embedded database does not: forgets dead rows,
 * learns the distribution of values, and writes its log back to the tables.
 */
export class Maintenance implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    // A round that fails is no loss: the next one does its work.
    this.timer = setInterval(() => void this.round().catch(() => undefined), EVERY_MS).unref();
  }

  /** Table by table, so that others come in between. */
  async round(): Promise<void> {
    await this.database.outside('select pg_stat_force_next_flush()');
    const changed = await this.database.outside<{ name: string; is_littered: boolean }>(
      CHANGED_TABLES,
    );
    for (const { name, is_littered } of changed) {
      await this.database.outside(is_littered ? `vacuum (analyze) ${name}` : `analyze ${name}`);
    }
    if (changed.length > 0) await this.database.outside('checkpoint');
  }

  /**
   * Writes the files of all tables anew that hold what people wrote, and begins a new log: what was
   * deleted is in neither. Others wait meanwhile, for each table by itself.
   */
  async writeAnew(): Promise<void> {
    const tables = await this.database.as('omoi_owner', (sql) =>
      sql.query<{ name: string }>(WORDY_TABLES),
    );
    for (const { name } of tables) await this.database.outside(`vacuum full ${name}`);
    // What it learned of the distribution of words before it was told not to.
    await this.database.outside(`delete from pg_statistic as known using pg_attribute as part
      where part.attrelid = known.starelid and part.attnum = known.staattnum
        and part.attstattarget = 0`);
    await this.database.outside('vacuum full pg_statistic');
    // A file of the log that is used again keeps what stood in it.
    await this.database.outside('set wal_recycle = off');
    await this.database.outside('select pg_switch_wal()');
    await this.database.outside('checkpoint');
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
