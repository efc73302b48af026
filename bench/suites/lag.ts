import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { CqrsModule } from '@nestjs/cqrs';
import ormOptions from '../../mikro-orm.config.js';
import { ConfigModule } from '../../src/config/index.js';
import { Database, DatabaseModule } from '../../src/database/index.js';
import { EmbeddingModule } from '../../src/embedding/index.js';
import { EventStore, EventStoreModule } from '../../src/event-store/index.js';
import { MemoryModule } from '../../src/memory/index.js';
import { PatternsModule } from '../../src/patterns/index.js';
import { PhasesModule } from '../../src/phases/index.js';
import { TasksModule } from '../../src/tasks/index.js';
import { type Asked } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { connectionsOf, withPool } from '../connections.js';
import { withFreshDatabase } from '../database.js';
import { executionStored, NAMESPACE } from '../made-events.js';
import { percentile } from '../metrics.js';
import { OwnLog } from '../own-log.js';
import { goThrough } from '../progress.js';
import { withRooms, type Rooms } from '../rooms.js';
import { NONE, onServer, type Figures, type Outcome, type Suite } from '../suite.js';

const PER_SECOND = 200;
const WARM_UP_SECONDS = 5;
const SECONDS = 40;
/** Each look takes a part of the machine from those who are watched. */
const LOOK_EVERY_MS = 10;
const PATIENCE_MS = 10_000;
const NS_PER_MS = 1e6;

/** Everybody who follows the log in the service, and nobody who asks. */
const WITHOUT_DOORS: Rooms = (settings) => [
  ConfigModule.with(settings),
  DatabaseModule.with(ormOptions),
  CqrsModule.forRoot(),
  EventStoreModule,
  EmbeddingModule,
  PhasesModule,
  TasksModule,
  MemoryModule,
  PatternsModule,
];

/** One event on its way, in milliseconds of one clock. */
interface Passage {
  /** When the schedule sends it, whatever became of those before it. */
  readonly due: number;
  readonly acknowledged: number;
  /** When another connection saw its row. */
  seen: number;
}

/** How long after it was acknowledged is an event a row, while everybody follows the log? */
export const lag: Suite = {
  records: 'generated',
  bars: onServer({ lag_p99_ms: { atMost: 100 } }),

  run: ({ embedder }: Asked) =>
    withFreshDatabase(({ name, env }) =>
      withRooms(
        { ...env, EMBEDDING_PROVIDER: embedder },
        WITHOUT_DOORS,
        async (house): Promise<Outcome> => {
          const log = new OwnLog(house.get(EventStore));
          const delay = monitorEventLoopDelay({ resolution: 1 });
          delay.enable();
          const passages = await withPool(await connectionsOf(house), 1, (pool) =>
            new Run(log, new Database(pool)).passages(),
          );
          delay.disable();
          const event_loop_p99_ms = delay.percentile(99) / NS_PER_MS;

          return {
            n: passages.length,
            metrics: { ...figuresOf(passages), event_loop_p99_ms },
            slices: {},
            latencies: passages.map(lagOf),
            modelKey: NONE,
            database: name,
          };
        },
      ),
    ),
};

/** Events that are appended by schedule, and somebody who looks for their rows. */
class Run {
  /** Acknowledged and not yet seen, by memory. */
  private readonly waiting = new Map<string, Passage>();
  private readonly seen: Passage[] = [];
  private readonly appends: Promise<Error | null>[] = [];
  private isOver = false;

  constructor(
    private readonly log: OwnLog,
    private readonly rows: Database,
  ) {}

  /** Those after the warm-up. */
  async passages(): Promise<readonly Passage[]> {
    const watching = this.watch();
    const start = performance.now();
    const seconds = Array.from({ length: WARM_UP_SECONDS + SECONDS }, (_, second) => second);
    await goThrough('Appending', seconds, (second) => this.send(start + 1_000 * second));
    const failed = (await Promise.all(this.appends)).find((error) => error !== null);
    this.isOver = true;
    await watching;
    if (failed) throw failed;

    return this.seen.filter(({ due }) => due >= start + 1_000 * WARM_UP_SECONDS);
  }

  /** The events of the second that begins at `start`; none of them waits for another. */
  private async send(start: number): Promise<void> {
    for (let number = 0; number < PER_SECOND; number += 1) {
      const due = start + (1_000 * number) / PER_SECOND;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      this.appends.push(this.append(due).catch((error: unknown) => error as Error));
    }
  }

  private async append(due: number): Promise<null> {
    const event = executionStored(this.appends.length);
    await this.log.append([event]);
    this.waiting.set(event.data.memory_id, { due, acknowledged: performance.now(), seen: NaN });

    return null;
  }

  private async watch(): Promise<void> {
    let patience = Infinity;
    while (!this.isOver || this.waiting.size > 0) {
      await this.look();
      await sleep(LOOK_EVERY_MS);
      if (this.isOver) patience = Math.min(patience, performance.now() + PATIENCE_MS);
      if (performance.now() > patience) {
        throw new CannotRun(`${this.waiting.size} events were acknowledged and became no rows.`);
      }
    }
  }

  private async look(): Promise<void> {
    const ids = [...this.waiting.keys()];
    if (ids.length === 0) return;
    const found = await this.rows.outside<{ id: string }>(
      `select memory.id
         from task_memories as memory
        where memory.namespace = $1 and memory.id = any($2)`,
      [NAMESPACE, ids],
    );
    const now = performance.now();
    for (const { id } of found) this.arrive(id, now);
  }

  private arrive(id: string, now: number): void {
    const passage = this.waiting.get(id);
    if (!passage) return;
    this.waiting.delete(id);
    this.seen.push({ ...passage, seen: now });
  }
}

const lagOf = ({ acknowledged, seen }: Passage): number => seen - acknowledged;

function figuresOf(passages: readonly Passage[]): Figures {
  const lags = passages.map(lagOf);
  const after = (of: (passage: Passage) => number): number =>
    percentile(
      passages.map((passage) => of(passage) - passage.due),
      99,
    );

  return {
    lag_p50_ms: percentile(lags, 50),
    lag_p99_ms: percentile(lags, 99),
    lag_max_ms: Math.max(...lags),
    due_to_acknowledged_p99_ms: after(({ acknowledged }) => acknowledged),
    due_to_row_p99_ms: after(({ seen }) => seen),
  };
}
