import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { narrowed, narrowedBy, type MemoryFilter } from './memory-filter.js';
import type { MemoryResponse } from './memory.response.js';
import { Spaces } from './spaces.js';
import type { VectorTable } from './vector-table.js';

/** Callers that want a vector get this many numbers, whatever the model's own dimension is. */
const SERVED_DIMENSIONS = 1_536;

/** Where a page of memories begins: after this one. */
export type MemoryKey = readonly [learned_at: string, id: string];

/** Reads memories as they are served; searches are next door. */
@Injectable()
export class MemoryReader {
  constructor(
    private readonly database: Database,
    private readonly spaces: Spaces,
  ) {}

  async one(namespace: string, id: string): Promise<MemoryResponse | null> {
    const { vectors } = this.spaces.current;
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<MemoryResponse>(
        `${select(vectors)} where memory.namespace = $1 and memory.id = $4`,
        [namespace, ...spaceOf(vectors), id],
      ),
    );
    return row ?? null;
  }

  /** Newest first, `limit` at most, beginning after `after`; revoked ones are left out. */
  list(
    namespace: string,
    filter: MemoryFilter & { readonly task_id: string | null },
    after: MemoryKey | null,
    limit: number,
  ): Promise<MemoryResponse[]> {
    const { vectors } = this.spaces.current;

    return this.database.within(namespace, (sql) =>
      sql.query<MemoryResponse>(
        `${select(vectors)}
          where memory.namespace = $1
            and memory.status = 'stored'
            and ($4::text is null or memory.task_id = $4)
            and ${narrowed('memory', 5)}
            and ($12::timestamptz is null
                 or memory.learned_at < $12 or (memory.learned_at = $12 and memory.id > $13))
          order by memory.learned_at desc, memory.id
          limit $14`,
        [
          namespace,
          ...spaceOf(vectors),
          filter.task_id,
          ...narrowedBy(filter),
          ...(after ?? [null, null]),
          limit,
        ],
      ),
    );
  }

  /** The ids of all memories of a task, `limit` at most, beginning after `after`. */
  async idsOfTask(
    namespace: string,
    taskId: string,
    after: string | null,
    limit: number,
  ): Promise<string[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<{ id: string }>(
        `select memory.id
           from task_memories as memory
          where memory.namespace = $1 and memory.task_id = $2
            and ($3::uuid is null or memory.id > $3)
          order by memory.id
          limit $4`,
        [namespace, taskId, after, limit],
      ),
    );
    return rows.map(({ id }) => id);
  }
}

const spaceOf = ({ profile }: VectorTable): [key: string, dimensions: number] => [
  profile.key,
  profile.dimensions,
];

/** `$1` is the namespace, `$2` and `$3` are those of `spaceOf`. */
const select = (vectors: VectorTable): string => `
      select memory.id as memory_id, memory.task_id, memory.task_type, memory.description,
             memory.execution_summary, memory.success, memory.error_patterns, memory.execution_id,
             memory.agent_id, memory.phase_id, memory.tags, memory.tools,
             memory.duration_ms::float8 as duration_ms, memory.cost_usd, memory.suggestion_id,
             memory.auto_extract_patterns, es.iso(memory.occurred_at) as occurred_at,
             es.iso(memory.learned_at) as learned_at, memory.status,
             memory.revoke_reason,
             coalesce(usage.reused_count, 0) as reused_count,
             space.memory_id is not null as has_embedding,
             ${String(SERVED_DIMENSIONS)} as embedding_dimensions,
             jsonb_build_object(
               'model_key', $2::text,
               'dimensions', $3::int,
               'status', case when space.memory_id is not null then 'ready'
                              when memory.status = 'revoked' then 'none'
                              when pending.error is not null then 'failed'
                              else 'pending' end,
               'truncated', space.truncated) as embedding
        from task_memories as memory
        left join memory_usage as usage
          on usage.namespace = memory.namespace and usage.memory_id = memory.id
        left join ${vectors.name} as space
          on space.namespace = memory.namespace and space.memory_id = memory.id
        left join ${vectors.pending} as pending
          on pending.namespace = memory.namespace and pending.memory_id = memory.id`;
