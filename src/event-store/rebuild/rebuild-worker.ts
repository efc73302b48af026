import { Database, prepareIndexBuilding } from '#database';
import { Injectable, Logger } from '@nestjs/common';
import { apply, applyOneByOne } from '../applying.js';
import { EventCatalog } from '../event-catalog.js';
import { isPassing, TRIES, type Step, type Worker } from '../follower.js';
import { Followers } from '../followers.js';
import type { ProjectionFollower } from '../projection-follower.js';
import { dropTables, missingIndexes } from './building-tables.js';
import { Catching } from './catching-up.js';
import { endRebuild, openRebuilds, takeRebuild, type Rebuild } from './rebuild.js';
import { Swap } from './swap.js';
import { forgetVersion } from './versions.js';

/** How long the version that lived before is kept. */
const GRACE_HOURS = 24;
const SWEEP_EVERY_MS = 60_000;

const oneByOne: typeof apply = async (sql, of, events) => {
  await applyOneByOne(sql, of, events);
};

/**
 * Reads the log into new tables, batch by batch, and takes them live. Whatever process is there goes on
 * where another stopped: everything it knows stands in the database.
 */
@Injectable()
export class RebuildWorker implements Worker {
  readonly name = 'rebuild';
  private readonly logger = new Logger(RebuildWorker.name);
  private readonly catching: Catching;
  private readonly swap: Swap;
  /** By rebuild. */
  private readonly failures = new Map<string, number>();
  private sweptAt = 0;

  constructor(
    private readonly database: Database,
    private readonly followers: Followers,
    catalog: EventCatalog,
  ) {
    this.catching = new Catching(database, catalog);
    this.swap = new Swap(database, catalog);
    followers.employ(this);
  }

  /** There is something to do. */
  wake(): void {
    this.followers.wake(this);
  }

  async step(): Promise<Step> {
    const open = await this.database.as('omoi_projector', openRebuilds);
    this.catching.keepOnly(open);
    let applied = 0;
    for (const rebuild of open) {
      const follower = this.followers.projection(rebuild.projection);
      if (follower) applied += await this.tryToAdvance(rebuild, follower);
    }
    if (open.length === 0) await this.sweep();

    return { checkpoint: 0n, applied };
  }

  private async tryToAdvance(rebuild: Rebuild, follower: ProjectionFollower): Promise<number> {
    try {
      const done = await this.advance(rebuild, follower);
      this.failures.delete(rebuild.id);
      return done;
    } catch (error) {
      if (isPassing(error)) return 0;
      const failures = (this.failures.get(rebuild.id) ?? 0) + 1;
      this.failures.set(rebuild.id, failures);
      this.logger.error(`The rebuild of ${rebuild.projection} failed: ${(error as Error).message}`);
      if (failures > TRIES) await this.fail(rebuild, follower, error as Error);
      return 0;
    }
  }

  /** One step of a rebuild: read on, build an index, compare, or swap. Gives 0 when it has to wait. */
  private async advance(rebuild: Rebuild, follower: ProjectionFollower): Promise<number> {
    const hasFailed = (this.failures.get(rebuild.id) ?? 0) + 1 >= TRIES;
    const page = await this.catching.readOn(rebuild, follower, hasFailed ? oneByOne : apply);
    if (page === null) return 0;
    if (!page.isCaughtUp) return Math.max(1, page.applied);
    if (!rebuild.is_indexed) return this.index(rebuild, follower);
    if (rebuild.status === 'building') return this.swap.compare(rebuild, follower);

    return rebuild.swap ? this.swap.goLive(rebuild, follower) : page.applied;
  }

  /** One index a transaction, so that nobody waits for all of them. */
  private index(rebuild: Rebuild, { projection }: ProjectionFollower): Promise<number> {
    return this.database.as('omoi_owner', async (sql) => {
      if (!(await takeRebuild(sql, rebuild.id, false))) return 0;
      const [next] = await missingIndexes(sql, projection.tables);
      if (next) {
        await prepareIndexBuilding(sql);
        await sql.query(next.statement);
        return 1;
      }
      for (const table of projection.tables) await sql.query(`analyze es_building.${table}`);
      await sql.query('update es.rebuild as rebuild set is_indexed = true where rebuild.id = $1', [
        rebuild.id,
      ]);
      return 1;
    });
  }

  private async fail(
    { id, projection, version }: Rebuild,
    follower: ProjectionFollower,
    { message }: Error,
  ): Promise<void> {
    this.failures.delete(id);
    await this.database.as('omoi_owner', async (sql) => {
      if (!(await takeRebuild(sql, id, true))) return;
      await dropTables(sql, follower.projection.tables, 'es_building');
      await forgetVersion(sql, projection, version);
      await endRebuild(sql, id, 'failed', message);
    });
  }

  /** Forgets versions whose time of grace is over. Those of nobody here are for who knows their tables. */
  private async sweep(): Promise<void> {
    if (performance.now() - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = performance.now();
    await this.database.as('omoi_owner', async (sql) => {
      const over = await sql.query<{ name: string; version: number }>(
        `select projection.name, projection.version
           from es.projection as projection
          where projection.status = 'retired'
            and projection.retired_at < clock_timestamp() - $1 * interval '1 hour'
            for update skip locked`,
        [GRACE_HOURS],
      );
      for (const { name, version } of over) {
        const follower = this.followers.projection(name);
        if (!follower) continue;
        await dropTables(sql, follower.projection.tables, 'es_retired');
        await forgetVersion(sql, name, version);
      }
    });
  }
}
