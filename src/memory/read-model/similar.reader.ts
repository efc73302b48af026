import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import { among, amongValues, EXACT_ROWS, type Among } from './among.js';
import type { VectorTable } from './vector-table.js';

/** How many neighbours the index is asked for: several of them may belong to one task. */
const NEIGHBOURS = 200;

/** Whom to look among, and how many of them are wanted. */
export interface Neighbourhood extends Among {
  /** Of the executions of one task only the nearest. */
  readonly onePerTask: boolean;
  readonly limit: number;
}

/** An execution and how near its text is: cosine, negative ones as 0. */
export interface Similar {
  readonly task_id: string;
  readonly memory_id: string;
  readonly summary: string;
  readonly success: boolean;
  readonly similarity: number;
  readonly tools: readonly string[];
  readonly error_patterns: Record<string, unknown> | null;
  readonly reused_count: number;
}

/** Finds executions by meaning. */
@Injectable()
export class SimilarReader {
  constructor(private readonly database: Database) {}

  /** The nearest executions, best first; of equally near ones the smaller id first. */
  nearest(
    namespace: string,
    vectors: VectorTable,
    vector: Float32Array,
    { onePerTask, limit, ...where }: Neighbourhood,
  ): Promise<Similar[]> {
    return this.database.within(namespace, async (sql) => {
      const values = amongValues(namespace, where);
      const exact = await this.isFew(sql, vectors, values);
      // With a filter the index alone returns too few rows; it must go on until it has enough.
      if (!exact) {
        await sql.query(
          `select set_config('hnsw.ef_search', $1, true),
                  set_config('hnsw.iterative_scan', 'relaxed_order', true)`,
          [String(NEIGHBOURS)],
        );
      }
      return sql.query<Similar>(statement(vectors, exact, onePerTask), [
        ...values,
        `[${vector.join(',')}]`,
        limit,
      ]);
    });
  }

  private async isFew(
    sql: Sql,
    { name }: VectorTable,
    values: readonly unknown[],
  ): Promise<boolean> {
    const [row] = await sql.query<{ count: string }>(
      `select count(*) as count
         from (select 1 from ${name} as space
                where ${among('space')} limit ${String(EXACT_ROWS + 1)}) as counted`,
      values,
    );
    return Number(row?.count) <= EXACT_ROWS;
  }
}

function statement(vectors: VectorTable, exact: boolean, onePerTask: boolean): string {
  const distance = `space.emb <=> ${vectors.parameter(11)}`;

  return `
      with near as materialized (
        select space.memory_id, space.task_id, ${distance} as distance
          from ${vectors.name} as space
         where ${among('space')}
         ${exact ? '' : `order by ${distance} limit ${String(NEIGHBOURS)}`}
      ), best as (
        select ${onePerTask ? 'distinct on (near.task_id)' : ''} near.memory_id, near.distance
          from near
         order by ${onePerTask ? 'near.task_id,' : ''} near.distance, near.memory_id
      ), top as materialized (
        select best.memory_id, best.distance
          from best
         order by best.distance, best.memory_id
         limit $12
      )
      select memory.task_id, memory.id as memory_id,
             coalesce(memory.execution_summary, '') as summary, memory.success,
             greatest(0, 1 - top.distance) as similarity, memory.tools, memory.error_patterns,
             coalesce(usage.reused_count, 0) as reused_count
        from top
        join task_memories as memory
          on memory.namespace = $1 and memory.id = top.memory_id and memory.status = 'stored'
        left join memory_usage as usage
          on usage.namespace = $1 and usage.memory_id = top.memory_id
       order by top.distance, top.memory_id`;
}
