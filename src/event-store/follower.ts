import type { Database, Sql } from '#database';
import { SELECT_EVENTS, toEvent, type EventRow } from './event-rows.js';
import type { StoredEvent } from './event-store.js';
import { runsOf, type Because, type Policy, type Projection } from './projection.js';

/** How many events one transaction applies at most; texts may be long, so it is no more. */
const BATCH = 200;

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
  readonly version: number;
  /** The types of events it does something about; others it passes over unread. */
  readonly types: readonly string[];
}

/** Applies a projection. Its rows and its checkpoint commit together. */
export class ProjectionFollower implements Follower {
  readonly name: string;
  readonly version: number;
  readonly types: readonly string[];
  readonly gathers: number;

  constructor(
    private readonly database: Database,
    private readonly projection: Projection,
  ) {
    this.name = projection.name;
    this.gathers = projection.gathers ?? 0;
    this.version = projection.version;
    this.types = Object.keys(projection.on);
  }

  step(): Promise<Step> {
    return this.database.as('omoi_projector', async (sql) => {
      // The row lock is the fence: of several processes one applies, and the others wait for it.
      const page = await nextPage(sql, this, 'for update of projection');
      if (page.events.length > 0) await this.apply(sql, page.events);
      await moveCheckpoint(sql, this, page);
      return { checkpoint: page.to, applied: page.events.length };
    });
  }

  private async apply(sql: Sql, events: readonly StoredEvent[]): Promise<void> {
    const rows = this.projection.rows(sql);
    const { on } = this.projection;
    for (const run of runsOf(events, on)) {
      await on[run[0]?.type ?? '']?.(run, rows);
    }
  }
}

/**
 * Runs a policy. Its commands commit in transactions of their own, before the checkpoint moves: it
 * acts at least once, and the key of its commands makes that once.
 */
export class PolicyFollower implements Follower {
  readonly name: string;
  readonly version = 1;
  readonly types: readonly string[];

  constructor(
    private readonly database: Database,
    private readonly policy: Policy,
  ) {
    this.name = policy.name;
    this.types = Object.keys(policy.on);
  }

  async step(): Promise<Step> {
    const page = await this.database.as('omoi_projector', (sql) => nextPage(sql, this, ''));
    for (const event of page.events) {
      await this.policy.on[event.type]?.(event, this.because(event));
    }
    await this.database.as('omoi_projector', (sql) => moveCheckpoint(sql, this, page));
    return { checkpoint: page.to, applied: page.events.length };
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

type Reading = Pick<Follower, 'name' | 'version' | 'types'>;

/** What a follower has to look at next: the events of its types above `after` up to `to`. */
interface Page {
  readonly after: bigint;
  readonly to: bigint;
  readonly events: readonly StoredEvent[];
}

async function nextPage(sql: Sql, { name, version, types }: Reading, lock: string): Promise<Page> {
  const [row] = await sql.query<{ checkpoint: string; head: string }>(
    `select projection.checkpoint, head.position as head
       from es.projection as projection
      cross join es.head as head
      where projection.name = $1 and projection.version = $2 ${lock}`,
    [name, version],
  );
  const { checkpoint = 0, head: position = 0 } = row ?? {};
  const [after, head] = [BigInt(checkpoint), BigInt(position)];
  if (head <= after) return { after, to: after, events: [] };

  const rows = await sql.query<EventRow>(
    `${SELECT_EVENTS}
      where event.position > $1 and event.position <= $2 and event.type = any($3)
      order by event.position
      limit $4`,
    [after, head, types, BATCH],
  );
  const last = rows.at(-1);
  const isLastPage = rows.length < BATCH || last === undefined;

  return { after, to: isLastPage ? head : BigInt(last.position), events: rows.map(toEvent) };
}

async function moveCheckpoint(sql: Sql, { name, version }: Reading, page: Page): Promise<void> {
  if (page.to === page.after) return;
  await sql.query(
    `update es.projection as projection
        set checkpoint = greatest(projection.checkpoint, $3), updated_at = now()
      where projection.name = $1 and projection.version = $2`,
    [name, version, page.to],
  );
}
