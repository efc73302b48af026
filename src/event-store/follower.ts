import type { Database, Sql } from '#database';
import { DomainError } from '#kernel';
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
import { readPage } from './log-page.js';
import type { Projection } from './projection.js';

/** How many events one transaction applies at most; texts may be long, so it is no more. */
export const BATCH = 400;
/** How often a batch is tried before its events are told apart. */
export const TRIES = 3;

/** What one step came to. */
export interface Step {
  /** How far in the log; 0 for work that is not reading it. */
  readonly checkpoint: bigint;
  readonly applied: number;
}

/** Work that comes in batches and is never done for good. */
export interface Worker {
  readonly name: string;
  /** One batch further; `applied` is 0 when there is nothing to do now. */
  step(): Promise<Step>;
  /** How long, in ms, its work may gather while nobody waits for it. */
  readonly gathers?: number;
  /** The service stops: give up what takes long, so that the step under way ends. */
  giveUp?(): void;
}

/** Somebody who reads the log from a checkpoint on. */
export interface Follower extends Worker {
  readonly kind: 'projection' | 'policy';
  /** SHA-256 over its code; null where it makes no rows that would have to be made anew. */
  readonly codeHash: string | null;
  /** The types of events it does something about; others it passes over unread. */
  readonly types: readonly string[];
  /** Whether an erasure is over only when it has read of it. */
  readonly erases: boolean;
  /** Whom it never overtakes. */
  readonly behind?: readonly string[];
  /**
   * Deals with an event that was set aside, in the transaction that forgets it.
   * @throws whatever stands in its way, still
   */
  retry(event: StoredEvent, forget: (sql: Sql) => Promise<void>): Promise<void>;
}

/** Whether an error says nothing about the event: the same may work in a moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return error.kind === 'unavailable';
  const { code } = error as { code?: unknown };

  return typeof code === 'string' && /^(40|53|57|55P03)/.test(code);
}

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
