import type { Database, Sql } from '#database';
import { Logger } from '@nestjs/common';
import { apply, applyOneByOne, tryToApply, type Versioned } from './applying.js';
import {
  activeVersion,
  checkpointMove,
  noteError,
  notFurtherThan,
  type Standing,
} from './checkpoints.js';
import type { EventCatalog } from './event-catalog.js';
import type { StoredEvent } from './event-store.js';
import { BATCH, isPassing, TRIES, type Follower, type Step } from './follower.js';
import { readPage } from './log-page.js';
import type { Projection } from './projection.js';

/** Applies a projection. Its rows, what it tells and its checkpoint commit together. */
export class ProjectionFollower implements Follower {
  readonly kind: Follower['kind'];
  readonly name: string;
  readonly types: readonly string[];
  readonly gathers: number;
  readonly behind: readonly string[];
  private readonly logger = new Logger(ProjectionFollower.name);
  private failures = 0;
  /** Events, at the end of the last page whose events were told apart. */
  private failedInARow = 0;

  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
    readonly projection: Projection,
    readonly codeHash: string | null,
  ) {
    this.name = projection.name;
    this.kind = projection.tables.length > 0 ? 'projection' : 'policy';
    this.gathers = projection.gathers ?? 0;
    this.behind = projection.behind ?? [];
    this.types = Object.keys(projection.on);
  }

  get erases(): boolean {
    return this.types.some((type) => this.catalog.erases(type));
  }

  async step(): Promise<Step> {
    try {
      const step = await this.batch(this.failures + 1 < TRIES ? apply : this.oneByOne);
      this.failures = 0;
      return step;
    } catch (error) {
      if (!isPassing(error)) {
        this.failures += 1;
        await noteError(this.database, this.name, error as Error);
      }
      throw error;
    }
  }

  retry(event: StoredEvent, forget: (sql: Sql) => Promise<void>): Promise<void> {
    return this.database.as('omoi_projector', async (sql) => {
      const of = await this.activeOf(sql);
      const failure = of && (await tryToApply(sql, of, event));
      if (failure) throw failure;
      await sql.query(
        `update es.projection as projection set applied_late = true
          where projection.name = $1 and projection.status = 'active'`,
        [this.name],
      );
      await forget(sql);
    });
  }

  private batch(applyAll: typeof apply): Promise<Step> {
    return this.database.projecting(async (sql) => {
      const of = await this.activeOf(sql);
      // Another version took over this very moment.
      if (!of) return { result: { checkpoint: 0n, applied: 0 } };
      // What was read before is read again without telling it again, by whatever way it came to that.
      const isReplay = of.checkpoint < of.furthest;
      const page = await readPage(sql, this.catalog, {
        types: this.types,
        after: of.checkpoint,
        until: await notFurtherThan(sql, this.behind, isReplay ? of.furthest : of.head),
        limit: BATCH,
      });
      const reading = isReplay ? 'replay' : 'live';
      if (page.events.length > 0) await applyAll(sql, { ...of, reading }, page.events);
      if (page.events.length > 0 && applyAll === apply) this.failedInARow = 0;
      return {
        result: { checkpoint: page.to, applied: page.events.length },
        last: checkpointMove(this.name, of.version, page),
      };
    });
  }

  /** The row lock is the fence: of several processes one applies, and the others wait for it. */
  private async activeOf(sql: Sql): Promise<(Versioned & Standing) | null> {
    const active = await activeVersion(sql, this.name, 'for update of projection');

    return (
      active && {
        ...active,
        projection: this.projection,
        reading: 'live',
        catalog: this.catalog,
      }
    );
  }

  private readonly oneByOne: typeof apply = async (sql, of, events) => {
    const { parked, failedInARow } = await applyOneByOne(sql, of, events, this.failedInARow);
    this.failedInARow = failedInARow;
    for (const position of parked) {
      this.logger.error(`${this.name} set the event at ${String(position)} aside.`);
    }
  };
}
