import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { Sweep } from './sweep.js';

/** Sweeps out the command keys whose time is over; they count for nothing already. */
@Injectable()
export class ExpiredKeys extends Sweep {
  constructor(private readonly database: Database) {
    super();
  }

  override async sweep(): Promise<void> {
    await this.database.as('omoi_owner', (sql) =>
      sql.query('delete from es.command where expires_at <= clock_timestamp()'),
    );
  }
}
