import type { Sql } from './database.js';

/** Room for about a million vectors of 384 dimensions in half precision; less is taken when less is needed. */
const ROOM_KB = 1.5 * 1024 * 1024;

/**
 * For the length of a transaction, what it takes to build an HNSW index: room for the whole graph, past
 * which each row costs many times more; and no helpers, because before pgvector 0.8.2 they write past
 * their memory (CVE-2026-3172), and later want shared memory, of which containers have little.
 */
export async function prepareIndexBuilding(sql: Sql): Promise<void> {
  await sql.query(
    `select set_config('maintenance_work_mem', greatest(room.setting::int, $1)::text, true),
            set_config('max_parallel_maintenance_workers', '0', true)
       from pg_settings as room
      where room.name = 'maintenance_work_mem'`,
    [ROOM_KB],
  );
}
