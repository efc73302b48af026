import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { notedOf, SELECT_NOTED, type Noted, type NotedRow } from './noted.js';

const NAME = 'event-bus';
const MOST_AT_ONCE = 100;

/** The outbox as sibling modules are told it: in order, and each in one process. */
@Injectable()
export class BusOutbox {
  constructor(private readonly database: Database) {}

  /** Hands over what is next and notes that it was. Gives how many there were. */
  handOver(tell: (noted: Noted) => void): Promise<number> {
    return this.database.as('omoi_projector', async (sql) => {
      // The row is the fence: while one process is at it, the others have nothing to do.
      const [relay] = await sql.query<{ number: number }>(
        `select relay.number::float8 as number from es.relay as relay
          where relay.name = $1 for update skip locked`,
        [NAME],
      );
      if (!relay) return 0;
      const rows = await sql.query<NotedRow>(
        `${SELECT_NOTED} where notice.number > $1 order by notice.number limit $2`,
        [relay.number, MOST_AT_ONCE],
      );
      rows.map(notedOf).forEach(tell);
      const last = rows.at(-1);
      if (last) {
        await sql.query('update es.relay as relay set number = $2 where relay.name = $1', [
          NAME,
          last.number,
        ]);
      }
      return rows.length;
    });
  }
}
