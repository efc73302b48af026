import { Database } from '../../../src/database/index.js';
import type { RelayHouse } from './relay-house.js';

export interface OutboxRow {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly position: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was put into the outbox for a tenant, in order. */
export const outboxOf = ({ app }: RelayHouse, namespace: string): Promise<OutboxRow[]> =>
  app.get(Database).as('omoi_projector', (sql) =>
    sql.query<OutboxRow>(
      `select notice.number::float8 as number, notice.id, notice.type,
              notice.position::float8 as position, notice.data
         from es.notification as notice
        where notice.namespace = $1 order by notice.number`,
      [namespace],
    ),
  );
