import { Database } from '#database';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

const EVERY_MS = 60 * 60_000;

/** Sweeps out the command keys whose time is over; they count for nothing already. */
@Injectable()
export class ExpiredKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    // A round that fails is no loss: the next one does its work.
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), EVERY_MS).unref();
  }

  async sweep(): Promise<void> {
    await this.database.as('omoi_owner', (sql) =>
      sql.query('delete from es.command where expires_at <= clock_timestamp()'),
    );
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
