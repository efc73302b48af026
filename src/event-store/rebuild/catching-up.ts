import type { Database, Sql } from '#database';
import type { apply } from '../applying.js';
import { activeVersion, moveCheckpoint } from '../checkpoints.js';
import type { EventCatalog } from '../event-catalog.js';
import type { ProjectionFollower } from '../follower.js';
import { readPage } from '../log-page.js';
import { takeRebuild, type Rebuild } from './rebuild.js';
import { buildingCheckpoint } from './versions.js';

const SMALLEST_BATCH = 200;
const FIRST_BATCH = 1_000;
const LARGEST_BATCH = 5_000;
/** A batch shall take about so long: on a database with one connection everybody else waits for it. */
const LONG_MS = 200;
/** How much of the speed that is told is that of the last batch. */
const WEIGHT_OF_THE_LAST = 0.3;

/** How far a batch came. */
interface Read {
  readonly applied: number;
  readonly isCaughtUp: boolean;
}

/**
 * Reads the log into the tables beside the living ones, and never past where those are: so nothing that
 * the living ones still have to tell is passed over at the swap.
 */
export class Catching {
  private batch = FIRST_BATCH;

  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
  ) {}

  /** One batch further; null when another process is at it. */
  async readOn(
    rebuild: Rebuild,
    follower: ProjectionFollower,
    applyAll: typeof apply,
  ): Promise<Read | null> {
    const begin = performance.now();
    const read = await this.database.as('omoi_projector', async (sql) => {
      const taken = await takeRebuild(sql, rebuild.id, false);
      const living = await activeVersion(sql, rebuild.projection, '');
      if (!taken || !living) return null;
      const page = await catchUp(sql, follower, this.catalog, applyAll, {
        version: rebuild.version,
        until: living.checkpoint,
        limit: this.batch,
      });
      if (page === null) return null;
      if (page.to > page.after) {
        const speed = Number(page.to - page.after) / ((performance.now() - begin) / 1_000);
        await note(sql, taken, page.to, living.checkpoint, speed);
      }
      return { applied: page.applied, isCaughtUp: page.to >= living.checkpoint };
    });
    this.adapt(performance.now() - begin);

    return read;
  }

  private adapt(tookMs: number): void {
    if (tookMs > LONG_MS) this.batch = Math.max(SMALLEST_BATCH, Math.floor(this.batch / 2));
    else if (tookMs < LONG_MS / 2) this.batch = Math.min(LARGEST_BATCH, 2 * this.batch);
  }
}

/**
 * Applies what a version that is being built has not read yet, within the transaction of `sql`. From
 * then on that looks for tables among the new ones first.
 */
export async function catchUp(
  sql: Sql,
  { projection, types }: ProjectionFollower,
  catalog: EventCatalog,
  applyAll: typeof apply,
  { version, until, limit }: { version: number; until: bigint; limit: number },
): Promise<{ after: bigint; to: bigint; applied: number } | null> {
  const after = await buildingCheckpoint(sql, projection.name, version);
  if (after === null) return null;
  await sql.query('set local search_path = es_building, public');
  const page = await readPage(sql, catalog, { types, after, until, limit });
  if (page.events.length > 0) {
    await applyAll(sql, { projection, version, reading: 'replay', catalog }, page.events);
  }
  await moveCheckpoint(sql, projection.name, version, page);

  return { after, to: page.to, applied: page.events.length };
}

async function note(
  sql: Sql,
  { id, events_per_second: before }: Rebuild,
  position: bigint,
  target: bigint,
  speed: number,
): Promise<void> {
  const mean = before === null ? speed : before + WEIGHT_OF_THE_LAST * (speed - before);
  await sql.query(
    `update es.rebuild as rebuild set position = $2, target = $3, events_per_second = $4
      where rebuild.id = $1`,
    [id, position, target, mean],
  );
}
