import type { Pool } from 'pg';
import { Database, type Sql, type Statement } from '../../../src/database/index.js';

/** A database that keeps what it is asked in the name of a tenant, and asks a real one that, or nearly. */
export class RecordedDatabase extends Database {
  readonly asked: Statement[] = [];

  constructor(
    pool: Pool,
    private readonly changed = (text: string): string => text,
  ) {
    super(pool);
  }

  override within<Result>(namespace: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return super.within(namespace, (sql) =>
      work({
        holdsEverybodyUp: sql.holdsEverybodyUp,
        query: <Row extends object>(text: string, values: readonly unknown[] = []) => {
          this.asked.push({ text, values });
          return sql.query<Row>(this.changed(text), values);
        },
      }),
    );
  }

  /** What was asked while `read` ran, in the words of either database. */
  async during(read: () => Promise<unknown>): Promise<string[]> {
    const before = this.asked.length;
    await read();

    return this.asked.slice(before).map(({ text }) => text.replaceAll('halfvec', 'vector'));
  }
}
