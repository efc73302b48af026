import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Notice, NoticeType } from '../domain/notices.js';

/** A conclusion that waits to be told. */
export interface Untold {
  readonly id: string;
  readonly namespace: string;
  readonly type: NoticeType;
  readonly pattern_id: string;
  readonly data: Notice['data'];
}

const MOST_AT_ONCE = 100;

/** What the learner concluded and nobody was told of yet; written with the conclusion itself. */
@Injectable()
export class NotificationOutbox {
  constructor(private readonly database: Database) {}

  /** Hands over what is next, in log order, and notes that it was. Gives how many there were. */
  handOver(tell: (untold: Untold) => void): Promise<number> {
    return this.database.as('omoi_projector', async (sql) => {
      const rows = await sql.query<Untold>(
        `select notice.id, notice.namespace, notice.type, notice.subject as pattern_id, notice.data
           from es.notification as notice
          where notice.told_at is null
          order by notice.position, notice.id
          limit $1
            for update skip locked`,
        [MOST_AT_ONCE],
      );
      rows.forEach(tell);
      if (rows.length > 0) {
        await sql.query(
          `update es.notification as notice set told_at = clock_timestamp()
            where notice.id = any($1)`,
          [rows.map(({ id }) => id)],
        );
      }
      return rows.length;
    });
  }
}
