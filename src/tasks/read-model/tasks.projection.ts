import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type { TaskEvent } from '../domain/task.events.js';

type Of<Type extends TaskEvent['type']> = readonly StoredEvent<
  Extract<TaskEvent, { type: Type }>
>[];

/** The only writer of the table `tasks`. */
class TaskRows {
  constructor(private readonly sql: Sql) {}

  async add(events: Of<'task.registered'>): Promise<void> {
    const rows = events.map(({ namespace, data, text }) => ({
      ...data,
      namespace,
      description: text?.description ?? null,
      metadata: text?.metadata ?? {},
    }));
    await this.sql.query(
      `insert into tasks (namespace, id, type, description, phase_id, status, metadata, created_at)
       select row.namespace, row.task_id, row.type, row.description, row.phase_id, 'open',
              row.metadata, row.at
         from jsonb_to_recordset($1::jsonb)
              as row(namespace text, task_id text, type text, description text, phase_id text,
                     metadata jsonb, at timestamptz)
       on conflict (namespace, id) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  /** One by one: of several moves of one task the last has to win. */
  async move(events: Of<'task.moved'>): Promise<void> {
    for (const { namespace, data } of events) {
      await this.sql.query(
        'update tasks as task set phase_id = $3 where task.namespace = $1 and task.id = $2',
        [namespace, data.task_id, data.to],
      );
    }
  }

  async finish(events: Of<'task.finished'>): Promise<void> {
    const rows = events.map(({ namespace, data }) => ({ ...data, namespace }));
    await this.sql.query(
      `update tasks as task
          set status = row.outcome, finished_at = row.at
         from jsonb_to_recordset($1::jsonb)
              as row(namespace text, task_id text, outcome text, at timestamptz)
        where task.namespace = row.namespace and task.id = row.task_id`,
      [JSON.stringify(rows)],
    );
  }

  async remove(events: Of<'task.deleted'>): Promise<void> {
    const rows = events.map(({ namespace, data }) => ({ ...data, namespace }));
    await this.sql.query(
      `delete from tasks as task
        using jsonb_to_recordset($1::jsonb) as row(namespace text, task_id text)
        where task.namespace = row.namespace and task.id = row.task_id`,
      [JSON.stringify(rows)],
    );
  }
}

export const tasksProjection: Projection<TaskEvent, TaskRows> = {
  name: 'tasks',
  source: import.meta.url,
  tables: ['tasks'],
  rows: (sql) => new TaskRows(sql),

  on: {
    'task.registered': (events, rows) => rows.add(events),
    'task.moved': (events, rows) => rows.move(events),
    'task.finished': (events, rows) => rows.finish(events),
    'task.deleted': (events, rows) => rows.remove(events),
  },
};
