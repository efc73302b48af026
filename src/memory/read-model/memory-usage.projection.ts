import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type { MemoryErased, MemoryEvent } from '../domain/memory.events.js';

type MemoryReused = Extract<MemoryEvent, { type: 'memory.reused' }>;

/** The only writer of the table `memory_usage`. */
class UsageRows {
  constructor(private readonly sql: Sql) {}

  async count(events: readonly StoredEvent<MemoryReused>[]): Promise<void> {
    const rows = events.flatMap(({ namespace, data }) =>
      Object.entries(data.memories).map(([memory_id, times]) => ({ namespace, memory_id, times })),
    );
    await this.sql.query(
      `insert into memory_usage as usage (namespace, memory_id, reused_count)
       select row.namespace, row.memory_id, sum(row.times)
         from jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid, times int)
        group by row.namespace, row.memory_id
       on conflict (namespace, memory_id) do update
          set reused_count = usage.reused_count + excluded.reused_count`,
      [JSON.stringify(rows)],
    );
  }

  async remove(events: readonly StoredEvent<MemoryErased>[]): Promise<void> {
    await this.sql.query(
      `delete from memory_usage as usage
        using jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
        where usage.namespace = row.namespace and usage.memory_id = row.memory_id`,
      [JSON.stringify(events.map(({ namespace, data }) => ({ namespace, ...data })))],
    );
  }
}

export const memoryUsage: Projection<MemoryEvent, UsageRows> = {
  name: 'memory-usage',
  source: import.meta.url,
  tables: ['memory_usage'],
  rows: (sql) => new UsageRows(sql),

  on: {
    'memory.reused': (events, rows) => rows.count(events),
    'memory.erased': (events, rows) => rows.remove(events),
  },
};
