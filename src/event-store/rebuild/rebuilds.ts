import { Database, type Sql } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';
import { activeVersion, type Standing } from '../checkpoints.js';
import { Followers } from '../followers.js';
import type { ProjectionFollower } from '../projection-follower.js';
import { copyTables, dropTables, moveTables, sameColumns } from './building-tables.js';
import { RebuildWorker } from './rebuild-worker.js';
import {
  alreadyRunning,
  endRebuild,
  findRebuild,
  isOver,
  isPolicy,
  latestRebuilds,
  nothingToFlipBack,
  takeRebuild,
  unknownProjection,
  type Rebuild,
} from './rebuild.js';
import { forgetVersion, retiredVersion } from './versions.js';

const MOST_LISTED = 100;
/** How long whoever asks for a swap waits for it. */
const SWAP_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Projections read anew beside their living tables: begun, looked at, swapped, given up. */
@Injectable()
export class Rebuilds {
  constructor(
    private readonly database: Database,
    private readonly followers: Followers,
    private readonly worker: RebuildWorker,
  ) {}

  /**
   * Begins to read the log into new tables, and gives the id of that; with `swap` they go live as soon
   * as they have caught up.
   * @throws DomainError `projection.unknown`, `projection.is_policy`, `rebuild.running`
   */
  async start(name: string, swap: boolean): Promise<string> {
    const { projection, codeHash } = this.projection(name);
    const id = await this.beside(name, async (sql, living) => {
      const [row] = await sql.query<{ version: number }>(
        `select max(projection.version) + 1 as version
           from es.projection as projection where projection.name = $1`,
        [name],
      );
      const version = row?.version ?? living.version + 1;
      await copyTables(sql, projection.tables, projection.needs ?? []);
      await sql.query(
        `insert into es.projection (name, version, status, checkpoint, code_hash)
         values ($1, $2, 'building', 0, $3)`,
        [name, version, codeHash],
      );
      return { kind: 'rebuild', version, swap, position: 0n };
    });
    this.worker.wake();

    return id;
  }

  /**
   * Lets the version that lived before catch up and takes it back.
   * @throws DomainError `projection.nothing_to_flip_back` and as `start`
   */
  async flipBack(name: string): Promise<string> {
    const { tables } = this.projection(name).projection;
    const id = await this.beside(name, async (sql) => {
      const retired = await retiredVersion(sql, name);
      const isThere = retired && (await sameColumns(sql, tables, ['public', 'es_retired']));
      if (!isThere) throw nothingToFlipBack(name);
      await moveTables(sql, tables, 'es_retired', 'es_building');
      await sql.query(
        `update es.projection as projection set status = 'building', retired_at = null
          where projection.name = $1 and projection.version = $2`,
        [name, retired.version],
      );
      return { kind: 'flip-back', swap: true, position: retired.checkpoint, ...retired };
    });
    this.worker.wake();

    return id;
  }

  /** @throws DomainError `rebuild.unknown` */
  find(id: string): Promise<Rebuild> {
    return this.database.as('omoi_projector', (sql) => findRebuild(sql, id));
  }

  /** The latest hundred, newest first. */
  list(): Promise<Rebuild[]> {
    return this.database.as('omoi_projector', (sql) => latestRebuilds(sql, MOST_LISTED));
  }

  /**
   * Takes the new tables live as soon as they can be; waits some seconds for it.
   * @throws DomainError `rebuild.unknown`, `rebuild.over`
   */
  async swap(id: string): Promise<Rebuild> {
    await this.open(id, (sql) =>
      sql.query('update es.rebuild as rebuild set swap = true where rebuild.id = $1', [id]),
    );
    this.worker.wake();
    const asked = performance.now();
    let now = await this.find(id);
    while (now.ended_at === null && performance.now() - asked < SWAP_PATIENCE_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      now = await this.find(id);
    }

    return now;
  }

  /**
   * Gives a rebuild up, and what it has made.
   * @throws DomainError `rebuild.unknown`, `rebuild.over`
   */
  async cancel(id: string): Promise<Rebuild> {
    await this.open(id, async (sql, { kind, projection: name, version }) => {
      const { tables } = this.projection(name).projection;
      if (kind === 'rebuild') {
        await dropTables(sql, tables, 'es_building');
        await forgetVersion(sql, name, version);
      } else {
        await moveTables(sql, tables, 'es_building', 'es_retired');
        await sql.query(
          `update es.projection as projection
              set status = 'retired', retired_at = clock_timestamp()
            where projection.name = $1 and projection.version = $2`,
          [name, version],
        );
      }
      await endRebuild(sql, id, 'cancelled');
    });

    return this.find(id);
  }

  private projection(name: string): ProjectionFollower {
    const found = this.followers.projection(name);
    if (found) return found;
    throw this.followers.find(name) ? isPolicy(name) : unknownProjection(name);
  }

  /** Makes a version beside the living one, and notes it as a rebuild. */
  private beside(
    name: string,
    make: (
      sql: Sql,
      living: Standing,
    ) => Promise<Pick<Rebuild, 'kind' | 'version' | 'swap'> & { position: bigint }>,
  ): Promise<string> {
    return this.database.as('omoi_owner', async (sql) => {
      const living = await activeVersion(sql, name, 'for update of projection');
      if (!living) throw unknownProjection(name);
      const running = await sql.query(
        `select 1 from es.rebuild as rebuild
          where rebuild.projection = $1 and rebuild.status in ('building', 'ready')`,
        [name],
      );
      if (running.length > 0) throw alreadyRunning(name);
      const { kind, version, swap, position } = await make(sql, living);
      const id = newId();
      await sql.query(
        `insert into es.rebuild (id, kind, projection, version, status, swap, is_indexed, position,
                                 target, forgotten_until, began_at)
         values ($1, $2, $3, $4, 'building', $5, $2 = 'flip-back', $6, $7,
                 case when $2 = 'rebuild' then $8::bigint else 0 end, clock_timestamp())`,
        [id, kind, name, version, swap, position, living.checkpoint, living.head],
      );
      return id;
    });
  }

  private async open(
    id: string,
    work: (sql: Sql, rebuild: Rebuild) => Promise<unknown>,
  ): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      const taken = await takeRebuild(sql, id, true);
      if (!taken) throw isOver(await findRebuild(sql, id));
      await work(sql, taken);
    });
  }
}
