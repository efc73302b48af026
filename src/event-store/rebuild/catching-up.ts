import type { Database, Sql } from '#database';
import type { apply } from '../applying.js';
import { activeVersion, checkpointMove } from '../checkpoints.js';
import type { EventCatalog } from '../event-catalog.js';
import { readPage, type LogPage } from '../log-page.js';
import type { ProjectionFollower } from '../projection-follower.js';
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

/** A page of the log, and where the living tables were when it was read. */
interface Ahead extends LogPage {
  readonly turn: string;
  readonly until: bigint;
}

/** Which time a rebuild reads the log: what it read the last time may be erased by now. */
const turnOf = ({ id, forgotten_until }: Rebuild): string => `${id} ${String(forgotten_until)}`;

/**
 * Reads the log into the tables beside the living ones, and never past where those are: so nothing that
 * the living ones still have to tell is passed over at the swap. While the rows of one page are written,
 * the next page is read.
 */
export class Catching {
  private batch = FIRST_BATCH;
  /** By rebuild. */
  private readonly ahead = new Map<string, Ahead>();

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
    const ahead = this.ahead.get(rebuild.id);
    this.ahead.delete(rebuild.id);
    const isOfNow = ahead?.turn === turnOf(rebuild);
    const page = isOfNow ? ahead : await this.read(rebuild, follower, BigInt(rebuild.position));
    const [read, next] = await Promise.all([
      this.write(rebuild, follower, applyAll, page),
      page.to < page.until ? this.read(rebuild, follower, page.to) : null,
    ]);
    if (read && next) this.ahead.set(rebuild.id, next);
    this.adapt(performance.now() - begin);

    return read;
  }

  /** What was read for others is forgotten: they are over. */
  keepOnly(open: readonly Rebuild[]): void {
    for (const id of this.ahead.keys()) {
      if (!open.some((rebuild) => rebuild.id === id)) this.ahead.delete(id);
    }
  }

  private read(rebuild: Rebuild, { types }: ProjectionFollower, after: bigint): Promise<Ahead> {
    return this.database.as('omoi_projector', async (sql) => {
      const living = await activeVersion(sql, rebuild.projection, '');
      const until = living?.checkpoint ?? 0n;
      const page = await readPage(sql, this.catalog, { types, after, until, limit: this.batch });

      return { ...page, until, turn: turnOf(rebuild) };
    });
  }

  /** Null also when the page is not the next one any more. */
  private write(
    { id }: Rebuild,
    follower: ProjectionFollower,
    applyAll: typeof apply,
    page: Ahead,
  ): Promise<Read | null> {
    const begin = performance.now();

    return this.database.projecting(async (sql) => {
      const taken = await takeRebuild(sql, id, false);
      if (!taken || turnOf(taken) !== page.turn) return { result: null };
      const { projection: name, version } = taken;
      const living = await activeVersion(sql, name, '');
      const after = await buildingCheckpoint(sql, name, version);
      if (!living || after !== page.after) return { result: null };
      await applyBeside(sql, follower, this.catalog, applyAll, { version, page });
      if (page.to > page.after) {
        const speed = Number(page.to - page.after) / ((performance.now() - begin) / 1_000);
        await note(sql, taken, page.to, living.checkpoint, speed);
      }
      const isCaughtUp = page.to >= living.checkpoint;
      return { result: { applied: page.events.length, isCaughtUp } };
    });
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
  follower: ProjectionFollower,
  catalog: EventCatalog,
  applyAll: typeof apply,
  { version, until, limit }: { version: number; until: bigint; limit: number },
): Promise<LogPage | null> {
  const after = await buildingCheckpoint(sql, follower.name, version);
  if (after === null) return null;
  const page = await readPage(sql, catalog, { types: follower.types, after, until, limit });
  await applyBeside(sql, follower, catalog, applyAll, { version, page });

  return page;
}

async function applyBeside(
  sql: Sql,
  { projection }: ProjectionFollower,
  catalog: EventCatalog,
  applyAll: typeof apply,
  { version, page }: { version: number; page: LogPage },
): Promise<void> {
  await sql.query('set local search_path = es_building, public');
  if (page.events.length > 0) {
    await applyAll(sql, { projection, version, reading: 'replay', catalog }, page.events);
  }
  const move = checkpointMove(projection.name, version, page);
  if (move) await sql.query(move.text, move.values);
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
