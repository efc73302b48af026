import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { notedOf, SELECT_NOTED, type Noted, type NotedRow } from './noted.js';

/** Which notifications, and from where on. */
export interface Listening {
  readonly namespace: string;
  /** Null for all. */
  readonly types: readonly string[] | null;
  /** The number after which it goes on. */
  readonly after: number;
}

/** Some notifications in order, and how far whoever has read them has come. */
export interface NotedPage {
  readonly items: readonly Noted[];
  readonly to: number;
  readonly isLast: boolean;
}

const LATEST = `select coalesce(max(notice.number), 0)::float8 as number
  from es.notification as notice where notice.namespace = $1`;

/** What there is to tell a tenant. */
@Injectable()
export class NotificationReader {
  constructor(private readonly database: Database) {}

  page({ namespace, types, after }: Listening, limit: number): Promise<NotedPage> {
    return this.database.within(namespace, async (sql) => {
      // The end first: what is committed between the two is above it, and read the next time.
      const [latest] = await sql.query<{ number: number }>(LATEST, [namespace]);
      const end = Math.max(after, latest?.number ?? 0);
      const rows = await sql.query<NotedRow>(
        `${SELECT_NOTED}
          where notice.namespace = $1 and notice.number > $2 and notice.number <= $3
            and ($4::text[] is null or notice.type = any($4))
          order by notice.number
          limit $5`,
        [namespace, after, end, types, limit],
      );
      const isLast = rows.length < limit;
      return {
        items: rows.map(notedOf),
        to: isLast ? end : (rows.at(-1)?.number ?? end),
        isLast,
      };
    });
  }

  /** The number of a notification; 0, before all, when it is not kept any more or never was there. */
  async numberOf(namespace: string, id: string): Promise<number> {
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<{ number: number }>(
        `select notice.number::float8 as number from es.notification as notice
          where notice.namespace = $1 and notice.id = $2`,
        [namespace, id],
      ),
    );
    return row?.number ?? 0;
  }

  /** The number of the latest of a tenant; 0 while there is none. */
  async latest(namespace: string): Promise<number> {
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<{ number: number }>(LATEST, [namespace]),
    );
    return row?.number ?? 0;
  }

  /** The numbers of the latest of some tenants, for those that have one. */
  async latestOf(namespaces: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ namespace: string; number: number }>(
        `select asked.namespace, latest.number
           from unnest($1::text[]) as asked(namespace)
          cross join lateral (
            select max(notice.number)::float8 as number from es.notification as notice
             where notice.namespace = asked.namespace) as latest
          where latest.number is not null`,
        [namespaces],
      ),
    );
    return new Map(rows.map(({ namespace, number }) => [namespace, number]));
  }
}
