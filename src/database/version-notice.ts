import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Database } from './database.js';
import { judgeVersions, VERSIONS, type Versions } from './versions.js';

/** Says at the start what is known against the versions of a server. */
export class VersionNotice implements OnApplicationBootstrap {
  private readonly logger = new Logger(VersionNotice.name);

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    const [row] = await this.database.outside<Versions>(VERSIONS);
    const { server, vector } = row ?? { server: 0, vector: null };
    const { status, advice } = judgeVersions(server, vector);
    if (status === 'warn') this.logger.warn(`${advice ?? ''} This is ${vector ?? 'none'}.`);
  }
}
