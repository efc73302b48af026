import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { NamespaceResponse } from '../drop-namespace/namespaces.request.js';

/** Looks at all namespaces. */
@Injectable()
export class NamespaceReader {
  constructor(private readonly database: Database) {}

  /**
   * Those that have tasks, and so whatever has memories, by name, beginning after `after`. The index is
   * read from name to name; what is counted are the rows of one page.
   */
  list(after: string, limit: number): Promise<NamespaceResponse[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<NamespaceResponse>(
        `with recursive known as (
           (select task.namespace from tasks as task
             where task.namespace > $1 order by task.namespace limit 1)
           union all
           select (select task.namespace from tasks as task
                    where task.namespace > known.namespace order by task.namespace limit 1)
             from known where known.namespace is not null
         ), page as (
           select known.namespace from known where known.namespace is not null limit $2
         )
         select page.namespace,
                (select es.iso(min(task.created_at)) from tasks as task
                  where task.namespace = page.namespace) as since,
                (select count(*)::int from tasks as task
                  where task.namespace = page.namespace) as tasks,
                (select count(*)::int from task_memories as memory
                  where memory.namespace = page.namespace) as memories,
                (select coalesce(sum(stream.version), 0)::float8 from es.stream as stream
                  where stream.namespace = page.namespace) as events
           from page
          order by page.namespace`,
        [after, limit],
      ),
    );
  }

  /** Whether there is anything of it to drop. */
  async isThere(namespace: string): Promise<boolean> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ is_there: boolean }>(
        `select exists (select from tasks as task where task.namespace = $1)
             or exists (select from es.text as text where text.namespace = $1)
             or exists (select from es.webhook as webhook where webhook.namespace = $1)
             or exists (select from es.notification as notice where notice.namespace = $1)
             or exists (select from es.api_key as key
                         where key.namespace = $1 and key.revoked_at is null) as is_there`,
        [namespace],
      ),
    );
    return row?.is_there ?? false;
  }
}
