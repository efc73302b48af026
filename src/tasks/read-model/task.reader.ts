import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { TaskResponse } from './task.response.js';

const COLUMNS = `task.id, task.type, task.description, task.phase_id, task.status, task.metadata,
  es.iso(task.created_at) as created_at, es.iso(task.finished_at) as finished_at`;

/** What a list of tasks is narrowed to; null does not narrow. */
export interface TaskFilter {
  readonly type: string | null;
  readonly phase_id: string | null;
  readonly status: string | null;
}

/** Where a page of tasks begins: after this one. */
export type TaskKey = readonly [created_at: string, id: string];

@Injectable()
export class TaskReader {
  constructor(private readonly database: Database) {}

  async one(namespace: string, id: string): Promise<TaskResponse | null> {
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<TaskResponse>(
        `select ${COLUMNS} from tasks as task where task.namespace = $1 and task.id = $2`,
        [namespace, id],
      ),
    );
    return row ?? null;
  }

  /** In their own order, `limit` at most, beginning after `after`. */
  async ids(namespace: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<{ id: string }>(
        `select task.id from tasks as task
          where task.namespace = $1 and task.id > $2
          order by task.id
          limit $3`,
        [namespace, after, limit],
      ),
    );
    return rows.map(({ id }) => id);
  }

  /** Newest first, `limit` at most, beginning after `after`. */
  list(
    namespace: string,
    filter: TaskFilter,
    after: TaskKey | null,
    limit: number,
  ): Promise<TaskResponse[]> {
    return this.database.within(namespace, (sql) =>
      sql.query<TaskResponse>(
        `select ${COLUMNS}
           from tasks as task
          where task.namespace = $1
            and ($2::text is null or task.type = $2)
            and ($3::text is null or task.phase_id = $3)
            and ($4::text is null or task.status = $4)
            and ($5::timestamptz is null
                 or task.created_at < $5 or (task.created_at = $5 and task.id > $6))
          order by task.created_at desc, task.id
          limit $7`,
        [namespace, filter.type, filter.phase_id, filter.status, ...(after ?? [null, null]), limit],
      ),
    );
  }
}
