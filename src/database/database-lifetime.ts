import type { MikroORM } from '@mikro-orm/postgresql';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { EmbeddedDatabase } from './embedded/embedded-database.js';

/** Closes the connections when everybody upstairs has stopped, and then the embedded database. */
export class DatabaseLifetime implements OnApplicationShutdown {
  constructor(
    private readonly orm: MikroORM,
    private readonly embedded: EmbeddedDatabase | null,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.orm.close(true);
    await this.embedded?.stop();
  }
}
