import type { Database } from '../../../src/database/index.js';
import { enrol } from '../../../src/event-store/checkpoints.js';
import { EventCatalog, type StreamWrite } from '../../../src/event-store/index.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import { ProjectionFollower } from '../../../src/event-store/projection-follower.js';
import type { Projection } from '../../../src/event-store/projection.js';
import { newId, type Caller } from '../../../src/kernel/index.js';
import { memoryEvents } from '../../../src/memory/domain/memory.events.js';
import { patternEvents } from '../../../src/patterns/domain/pattern.events.js';
import { descriptions } from '../../../src/patterns/read-model/descriptions.projection.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';
import { suggestions } from '../../../src/patterns/read-model/suggestions.projection.js';
import { LearnerTables } from './learner-tables.js';

/** An append holds up to a thousand events. */
const MOST_EVENTS = 500;

/** Something to be written, and who says it. */
export interface Wish {
  readonly actor: string | null;
  readonly write: StreamWrite;
}

/** A real log without a service around it, followed by the learner and by what it was good for. */
export class LogTables extends LearnerTables {
  readonly store: PostgresEventStore;
  private readonly followers: readonly ProjectionFollower[];

  constructor(database: Database, namespace: string) {
    super(database, namespace, [learnerProjection, descriptions]);
    const catalog = new EventCatalog();
    catalog.add(memoryEvents);
    catalog.add(patternEvents);
    this.store = new PostgresEventStore(database, catalog);
    this.followers = [learnerProjection, descriptions, suggestions].map(
      (one) => new ProjectionFollower(database, catalog, one as unknown as Projection, null),
    );
  }

  /** What one actor wishes in a row is one append. */
  async write(wishes: readonly Wish[]): Promise<void> {
    for (let start = 0; start < wishes.length;) {
      const actor = wishes[start]?.actor ?? null;
      let end = start + 1;
      while (end < wishes.length && end - start < MOST_EVENTS && wishes[end]?.actor === actor)
        end += 1;
      await this.store.append({
        caller: this.callerOf(actor),
        writes: wishes.slice(start, end).map(({ write }) => write),
        keys: [],
        result: {},
        causationId: null,
      });
      start = end;
    }
  }

  /** Follows the log to its end. */
  async learn(): Promise<void> {
    const head = await this.store.head();
    for (const follower of this.followers) {
      await this.database.as('omoi_projector', (sql) => enrol(sql, follower));
      while ((await follower.step()).checkpoint < head);
    }
  }

  private readonly callerOf = (actor: string | null): Caller => ({
    namespace: this.namespace,
    requestId: newId(),
    actor,
    traceparent: null,
    key: null,
  });
}

export const one = (
  stream: `${string}-${string}`,
  event: StreamWrite['events'][number],
): StreamWrite => ({ stream, expected: 'any', events: [event] });
