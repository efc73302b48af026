import type { Database, Sql } from '#database';
import { apply } from '../applying.js';
import { activeVersion, type Standing } from '../checkpoints.js';
import type { EventCatalog } from '../event-catalog.js';
import type { ProjectionFollower } from '../projection-follower.js';
import { dropTables, moveTables, sameColumns } from './building-tables.js';
import { catchUp } from './catching-up.js';
import { differenceOf } from './difference.js';
import { endRebuild, takeRebuild, type Rebuild } from './rebuild.js';
import { forgetVersion, retiredVersion, swapVersions } from './versions.js';

/** So many events are caught up with while the living tables stand still. */
const MOST_AT_LAST = 1_000;
/**
 * Readers finish first: who waits longer for them gives way and tries again. Less than the second after
 * which the database looks for a deadlock, so that no reader is ever its victim.
 */
const LOCK_TIMEOUT = '300ms';

/** What happens while the living tables of a projection stand still: comparing, and taking over. */
export class Swap {
  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
  ) {}

  /** Notes what differs, both at one position; 0 when there was too much left to read. */
  compare(rebuild: Rebuild, follower: ProjectionFollower): Promise<number> {
    return this.database.as('omoi_projector', async (sql) => {
      const living = await this.alignBoth(sql, rebuild, follower);
      if (!living) return 0;
      const diff = await differenceOf(sql, follower.projection);
      await sql.query(
        `update es.rebuild as rebuild
            set status = 'ready', diff = $2, position = $3, target = $3
          where rebuild.id = $1`,
        [rebuild.id, JSON.stringify(diff), living.checkpoint],
      );
      return 1;
    });
  }

  /** Takes the new tables live and keeps the old ones; 0 when it has to be tried again. */
  goLive(rebuild: Rebuild, follower: ProjectionFollower): Promise<number> {
    const { name, tables, settle, views } = follower.projection;

    return this.database.as('omoi_owner', async (sql) => {
      await sql.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
      const living = await this.alignBoth(sql, rebuild, follower);
      if (!living) return 0;
      if (!(await sameColumns(sql, tables, ['public', 'es_building']))) {
        throw new Error('The living tables have other columns by now; begin again.');
      }
      const living_tables = tables.map((table) => `public.${table}`).join(', ');
      await sql.query(`lock table ${living_tables} in access exclusive mode`);
      await settle?.(sql);
      await this.forgetRetired(sql, name, tables);
      await moveTables(sql, tables, 'public', 'es_retired');
      await moveTables(sql, tables, 'es_building', 'public');
      await views?.(sql);
      await swapVersions(sql, name, living.version, rebuild.version);
      await sql.query('update es.rebuild as r set position = $2, target = $2 where r.id = $1', [
        rebuild.id,
        living.checkpoint,
      ]);
      await endRebuild(sql, rebuild.id, 'swapped');
      return 1;
    });
  }

  /** Holds the living version where it is and brings the new one there; null when that is far. */
  private async alignBoth(
    sql: Sql,
    { id, version, projection: name, status }: Rebuild,
    follower: ProjectionFollower,
  ): Promise<Standing | null> {
    const taken = await takeRebuild(sql, id, false);
    // It may have had to begin again since it was looked at.
    if (taken?.status !== status) return null;
    const living = await activeVersion(sql, name, 'for update of projection');
    if (!living) return null;
    const page = await catchUp(sql, follower, this.catalog, apply, {
      version,
      until: living.checkpoint,
      limit: MOST_AT_LAST,
    });

    return page && page.to >= living.checkpoint ? living : null;
  }

  private async forgetRetired(sql: Sql, name: string, tables: readonly string[]): Promise<void> {
    const retired = await retiredVersion(sql, name);
    if (!retired) return;
    await dropTables(sql, tables, 'es_retired');
    await forgetVersion(sql, name, retired.version);
  }
}
