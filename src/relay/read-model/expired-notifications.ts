import { Database } from '#database';
import { Sweep } from '#event-store';
import { Injectable } from '@nestjs/common';

/** A notification that everybody has passed is kept for so long, for streams that come back. */
const KEPT_DAYS = 7;
/** What somebody has not taken by then is given up: one webhook must not fill the disk of all. */
const LONGEST_DAYS = 30;

/** Sweeps out the notifications that nobody waits for any more. */
@Injectable()
export class ExpiredNotifications extends Sweep {
  constructor(private readonly database: Database) {
    super();
  }

  override async sweep(): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      await sql.query(
        `delete from es.webhook_letter as letter
          where letter.parked_at < clock_timestamp() - $1 * interval '1 day'`,
        [LONGEST_DAYS],
      );
      await sql.query(
        `delete from es.notification as notice
          where notice.put_at < clock_timestamp() - $1 * interval '1 day'
            and not exists (select 1 from es.webhook_letter as letter
                             where letter.notification_id = notice.id)
            and (notice.put_at < clock_timestamp() - $2 * interval '1 day'
                 or not exists (select 1 from es.webhook as webhook
                                 where webhook.namespace = notice.namespace
                                   and webhook.number < notice.number)
                and not exists (select 1 from es.relay as relay
                                 where relay.number < notice.number))`,
        [KEPT_DAYS, LONGEST_DAYS],
      );
    });
  }
}
