import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type {
  ExecutionStored,
  MemoryErased,
  MemoryEvent,
  MemoryRevoked,
  SubjectErased,
} from '../domain/memory.events.js';

/** The only writer of the table `task_memories`. */
class TaskMemoryRows {
  constructor(private readonly sql: Sql) {}

  async add(events: readonly StoredEvent<ExecutionStored>[]): Promise<void> {
    const rows = events.map(({ namespace, data, text }) => ({ namespace, ...data, ...text }));
    await this.sql.query(
      `insert into task_memories
              (namespace, id, task_id, task_type, description, execution_summary, success,
               error_patterns, execution_id, agent_id, phase_id, tags, tools, duration_ms, cost_usd,
               suggestion_id, auto_extract_patterns, occurred_at, learned_at)
       select row.namespace, row.memory_id, row.task_id, row.task_type, row.description,
              row.execution_summary, row.success, row.error_patterns, row.execution_id,
              row.agent_id, row.phase_id, row.tags, row.tools, row.duration_ms, row.cost_usd,
              row.suggestion_id, row.auto_extract_patterns, row.occurred_at, row.at
         from json_to_recordset($1::json)
              as row(namespace text, memory_id uuid, task_id text, task_type text, description text,
                     execution_summary text, success boolean, error_patterns jsonb,
                     execution_id text, agent_id text, phase_id text, tags text[], tools text[],
                     duration_ms bigint, cost_usd float8, suggestion_id uuid,
                     auto_extract_patterns boolean, occurred_at timestamptz, at timestamptz)
       on conflict (namespace, id) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async revoke(events: readonly StoredEvent<MemoryRevoked>[]): Promise<void> {
    const rows = events.map(({ namespace, data, text }) => ({ namespace, ...data, ...text }));
    await this.sql.query(
      `update task_memories as memory
          set status = 'revoked', revoke_reason = row.reason
         from jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid, reason text)
        where memory.namespace = row.namespace and memory.id = row.memory_id`,
      [JSON.stringify(rows)],
    );
  }

  async remove(events: readonly StoredEvent<MemoryErased>[]): Promise<void> {
    await this.sql.query(
      `delete from task_memories as memory
        using jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
        where memory.namespace = row.namespace and memory.id = row.memory_id`,
      [JSON.stringify(events.map(({ namespace, data }) => ({ namespace, ...data })))],
    );
  }

  async forgetReasons(events: readonly StoredEvent<SubjectErased>[]): Promise<void> {
    const rows = events.flatMap(({ namespace, data }) =>
      data.revoked.map((memory_id) => ({ namespace, memory_id })),
    );
    await this.sql.query(
      `update task_memories as memory set revoke_reason = null
         from jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
        where memory.namespace = row.namespace and memory.id = row.memory_id`,
      [JSON.stringify(rows)],
    );
  }
}

export const taskMemories: Projection<MemoryEvent, TaskMemoryRows> = {
  name: 'task-memories',
  source: import.meta.url,
  tables: ['task_memories'],
  rows: (sql) => new TaskMemoryRows(sql),

  on: {
    'memory.execution_stored': (events, rows) => rows.add(events),
    'memory.revoked': (events, rows) => rows.revoke(events),
    'memory.erased': (events, rows) => rows.remove(events),
    'subject.erased': (events, rows) => rows.forgetReasons(events),
  },
};
