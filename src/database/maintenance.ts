import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Database } from './database.js';

const EVERY_MS = 5 * 60_000;

/**
 * What a PostgreSQL server does by itself and the embedded database does not: forgets dead rows,
 * learns the distribution of values, and writes its log back to the tables.
 */
export class Maintenance implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    // A round that fails is no loss: the next one does its work.
    this.timer = setInterval(() => void this.round().catch(() => undefined), EVERY_MS).unref();
  }

  async round(): Promise<void> {
    await this.database.outside('vacuum (analyze)');
    await this.database.outside('checkpoint');
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
