import type { Database, Sql } from '#database';
import { EVENT_COLUMNS, toEvent, type EventRow } from './event-rows.js';
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
}

/** Somebody who reads the log from a checkpoint on. */
export interface Follower extends Worker {
  readonly version: number;
}

/** Applies a projection. Its rows and its checkpoint commit together. */
export class ProjectionFollower implements Follower {
  readonly name: string;
  readonly version: number;

  constructor(
    private readonly database: Database,
    private readonly projection: Projection,
  ) {
    this.name = projection.name;
    this.version = projection.version;
  }

  step(): Promise<Step> {
    return this.database.as('omoi_projector', async (sql) => {
      // The row lock is the fence: of several processes one applies, and the others wait for it.
      const after = await checkpointOf(sql, this, 'for update');
      const events = await eventsAfter(sql, after);
      const last = events.at(-1);
      if (!last) return { checkpoint: after, applied: 0 };

      await this.apply(sql, events);
      await moveCheckpoint(sql, this, last.position);
      return { checkpoint: last.position, applied: events.length };
    });
  }

  private async apply(sql: Sql, events: readonly StoredEvent[]): Promise<void> {
    const rows = this.projection.rows(sql);
    for (const run of runsOf(events)) {
      await this.projection.on[run[0]?.type ?? '']?.(run, rows);
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

  constructor(
    private readonly database: Database,
    private readonly policy: Policy,
  ) {
    this.name = policy.name;
  }

  async step(): Promise<Step> {
    const { after, events } = await this.database.as('omoi_projector', async (sql) => {
      const checkpoint = await checkpointOf(sql, this, '');
      return { after: checkpoint, events: await eventsAfter(sql, checkpoint) };
    });
    const last = events.at(-1);
    if (!last) return { checkpoint: after, applied: 0 };

    for (const event of events) {
      await this.policy.on[event.type]?.(event, this.because(event));
    }
    await this.database.as('omoi_projector', (sql) => moveCheckpoint(sql, this, last.position));
    return { checkpoint: last.position, applied: events.length };
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

type Named = Pick<Follower, 'name' | 'version'>;

async function checkpointOf(sql: Sql, { name, version }: Named, lock: string): Promise<bigint> {
  const [row] = await sql.query<{ checkpoint: string }>(
    `select projection.checkpoint
       from es.projection as projection
      where projection.name = $1 and projection.version = $2 ${lock}`,
    [name, version],
  );
  return BigInt(row?.checkpoint ?? 0);
}

async function moveCheckpoint(sql: Sql, { name, version }: Named, to: bigint): Promise<void> {
  await sql.query(
    `update es.projection as projection
        set checkpoint = greatest(projection.checkpoint, $3), error = null, updated_at = now()
      where projection.name = $1 and projection.version = $2`,
    [name, version, to],
  );
}

async function eventsAfter(sql: Sql, after: bigint): Promise<StoredEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${EVENT_COLUMNS}
       from es.event as event
       left join es.text as text on text.event_id = event.event_id
      where event.position > $1
      order by event.position
      limit $2`,
    [after, BATCH],
  );
  return rows.map(toEvent);
}
