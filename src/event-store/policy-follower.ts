import type { Database, Sql } from '#database';
import { Logger } from '@nestjs/common';
import { MOST_IN_A_ROW } from './applying.js';
import { activeVersion, checkpointMove, noteError } from './checkpoints.js';
import type { EventCatalog } from './event-catalog.js';
import type { StoredEvent } from './event-store.js';
import { BATCH, isPassing, TRIES, type Follower, type Step } from './follower.js';
import { readPage, type LogPage } from './log-page.js';
import { park } from './parking.js';
import type { Because, Policy } from './projection.js';

/**
 * Runs a policy. Its commands commit in transactions of their own, before the checkpoint moves: it
 * acts at least once, and the key of its commands makes that once.
 */
export class PolicyFollower implements Follower {
  readonly kind = 'policy';
  readonly codeHash = null;
  readonly name: string;
  readonly types: readonly string[];
  readonly erases: boolean;
  private readonly logger = new Logger(PolicyFollower.name);
  /** Of the event that comes next. */
  private failures = 0;
  private parkedInARow = 0;

  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
    private readonly policy: Policy,
  ) {
    this.name = policy.name;
    this.types = Object.keys(policy.on);
    this.erases = policy.erases ?? false;
  }

  async step(): Promise<Step> {
    const { version, page } = await this.next();
    let done = page.after;
    for (const event of page.events) {
      try {
        await this.actOrPark(event, version);
      } catch (error) {
        await this.move(version, { ...page, to: done });
        throw error;
      }
      done = event.position;
    }
    await this.move(version, page);
    return { checkpoint: page.to, applied: page.events.length };
  }

  async retry(event: StoredEvent, forget: (sql: Sql) => Promise<void>): Promise<void> {
    await this.act(event);
    await this.database.as('omoi_projector', forget);
  }

  private async actOrPark(event: StoredEvent, version: number): Promise<void> {
    try {
      await this.act(event);
      this.parkedInARow = 0;
    } catch (error) {
      if (isPassing(error)) throw error;
      this.failures += 1;
      await noteError(this.database, this.name, error as Error);
      if (this.failures < TRIES || this.parkedInARow + 1 >= MOST_IN_A_ROW) throw error;
      await this.park(event, version, error as Error);
    }
    this.failures = 0;
  }

  private async park(event: StoredEvent, version: number, error: Error): Promise<void> {
    this.parkedInARow += 1;
    await this.database.as('omoi_projector', (sql) =>
      park(sql, this.name, version, event.position, error.message),
    );
    this.logger.error(`${this.name} set the event at ${String(event.position)} aside.`);
  }

  private act(event: StoredEvent): Promise<void> {
    return this.policy.on[event.type]?.(event, this.because(event)) ?? Promise.resolve();
  }

  private next(): Promise<{ version: number; page: LogPage }> {
    return this.database.as('omoi_projector', async (sql) => {
      const active = await activeVersion(sql, this.name, '');
      const { version, checkpoint, head } = active ?? { version: 1, checkpoint: 0n, head: 0n };
      const page = await readPage(sql, this.catalog, {
        types: this.types,
        after: checkpoint,
        until: head,
        limit: BATCH,
      });
      return { version, page };
    });
  }

  private async move(version: number, page: LogPage): Promise<void> {
    const last = checkpointMove(this.name, version, page);
    if (!last) return;
    // Acts that a crash makes it forget are known by their keys when it does them again.
    await this.database.projecting(() => Promise.resolve({ result: null, last }));
  }

  private because({ namespace, metadata, position, id }: StoredEvent): Because {
    const name = `policy:${this.name}:${String(position)}`;

    return {
      caller: {
        namespace,
        requestId: metadata.correlation_id,
        actor: metadata.actor,
        traceparent: metadata.traceparent,
        key: { name, hash: name, keptHours: null },
      },
      causationId: id,
    };
  }
}
