import { Database, Maintenance } from '#database';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { WHEN_ERASED } from './erasures.js';
import { EventCatalog } from './event-catalog.js';
import type { Step, Worker } from './follower.js';
import { Followers } from './followers.js';

/** Between two times there is a pause of so many times as long as it took. */
const PAUSES = 4;
/** Several erasures often come together. */
const GATHERS_MS = 1_000;

/**
 * The embedded database alone: its files keep what was deleted until it is overwritten, and a copy of
 * the folder would hold it. So they are written anew soon after something was erased, once for all that
 * was erased meanwhile, and at the latest when the service stops.
 */
@Injectable()
export class ErasedFiles implements Worker, BeforeApplicationShutdown {
  readonly name = 'erased-files';
  readonly gathers = GATHERS_MS;
  private readonly logger = new Logger(ErasedFiles.name);
  private dueAt = 0;
  private running: Promise<Step> = Promise.resolve({ checkpoint: 0n, applied: 0 });

  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
    @Inject(Maintenance) private readonly maintenance: Maintenance | null,
    followers: Followers,
  ) {
    if (maintenance) followers.employ(this, WHEN_ERASED);
  }

  step(): Promise<Step> {
    if (performance.now() < this.dueAt) return Promise.resolve({ checkpoint: 0n, applied: 0 });

    return this.inTurn();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.inTurn().catch((error: unknown) => {
      this.logger.error(`Erased texts may be left in the files: ${(error as Error).message}`);
    });
  }

  private inTurn(): Promise<Step> {
    this.running = this.running.catch(() => undefined).then(() => this.writeAnew());

    return this.running;
  }

  private async writeAnew(): Promise<Step> {
    const erased = this.maintenance && (await this.erasedSince());
    if (!this.maintenance || erased === null) return { checkpoint: 0n, applied: 0 };
    const began = performance.now();
    await this.maintenance.writeAnew();
    await this.database.as('omoi_owner', (sql) =>
      sql.query('update es.files as files set anew_at = $1', [erased]),
    );
    const ended = performance.now();
    this.dueAt = ended + PAUSES * (ended - began);

    return { checkpoint: 0n, applied: 1 };
  }

  /** Up to where everything was erased from the tables, when that is news to the files; else null. */
  private async erasedSince(): Promise<string | null> {
    const [row] = await this.database.as('omoi_owner', (sql) =>
      sql.query<{ checkpoint: string }>(
        `select erased.checkpoint
           from es.projection as erased
          cross join es.files as files
          where erased.name = $1 and erased.status = 'active'
            and exists (select from es.event as event
                         where event.type = any($2)
                           and event.position > files.anew_at
                           and event.position <= erased.checkpoint)`,
        [WHEN_ERASED, this.catalog.erasing()],
      ),
    );
    return row?.checkpoint ?? null;
  }
}
