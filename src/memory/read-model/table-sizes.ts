import type { Sql } from '#database';
import { LRUCache } from 'lru-cache';

const FRESH_MS = 60_000;
/** One for each vector space that is searched. */
const MOST_TABLES = 100;

/** How many rows tables have, all tenants together, as the planner believes; looked at once a minute. */
export class TableSizes {
  private readonly sizes = new LRUCache<string, number>({ max: MOST_TABLES, ttl: FRESH_MS });

  async of(table: string, sql: Sql): Promise<number> {
    const known = this.sizes.get(table);
    if (known !== undefined) return known;
    const [row] = await sql.query<{ rows: number }>(
      `select greatest(class.reltuples, 0)::float8 as rows
         from pg_class as class where class.oid = to_regclass($1)`,
      [table],
    );
    const rows = row?.rows ?? 0;
    this.sizes.set(table, rows);

    return rows;
  }
}
