import { Database, type Sql } from '#database';
import { Embedder, type Embedding } from '#embedding';
import { Injectable } from '@nestjs/common';
import { VectorTable } from './vector-table.js';

/** A memory whose text waits to be embedded; `attempts` counts this one. */
export interface PendingMemory {
  readonly namespace: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly attempts: number;
  readonly description: string | null;
  readonly execution_summary: string;
}

/** How long a claim holds: who died with it is followed by another after this many seconds. */
const CLAIM_SECONDS = 60;

/** The memories that have no vector yet, and the one way they get it. */
@Injectable()
export class PendingVectors {
  constructor(
    private readonly database: Database,
    private readonly embedder: Embedder,
    private readonly table: VectorTable,
  ) {}

  /**
   * Frees what a process that died had claimed. Another that is still at work embeds such a text
   * twice, and writes it once.
   */
  async release(): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update embedding_pending as pending set due_at = clock_timestamp()
          where pending.profile = $1 and pending.error is null
            and pending.due_at > clock_timestamp()`,
        [this.embedder.profile.slug],
      ),
    );
  }

  /** Up to `limit` that are due, claimed so that no other process embeds them too. */
  claim(limit: number): Promise<PendingMemory[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<PendingMemory>(
        `with due as (
           select pending.namespace, pending.memory_id
             from embedding_pending as pending
            where pending.profile = $1 and pending.due_at <= clock_timestamp()
            order by pending.due_at, pending.memory_id
            limit $2
              for update skip locked
         )
         update embedding_pending as pending
            set attempts = pending.attempts + 1,
                due_at = clock_timestamp() + $3 * interval '1 second'
           from due
           join task_memories as memory
             on memory.namespace = due.namespace and memory.id = due.memory_id
          where pending.profile = $1
            and pending.namespace = due.namespace and pending.memory_id = due.memory_id
         returning pending.namespace, pending.memory_id, memory.task_id, pending.attempts,
                   memory.description, coalesce(memory.execution_summary, '') as execution_summary`,
        [this.embedder.profile.slug, limit, CLAIM_SECONDS],
      ),
    );
  }

  /** Writes vectors to the cache and the table. A memory revoked meanwhile gets none. */
  async settle(
    done: readonly { memory: PendingMemory; sha: string; embedding: Embedding }[],
  ): Promise<void> {
    const rows = done.map(({ memory, sha, embedding }) => ({
      namespace: memory.namespace,
      memory_id: memory.memory_id,
      sha,
      vector: `[${embedding.vector.join(',')}]`,
      truncated: embedding.truncated,
    }));
    await this.database.as('omoi_projector', async (sql) => {
      await this.cache(sql, rows);
      await this.place(sql, rows);
    });
  }

  private async cache(sql: Sql, rows: readonly object[]): Promise<void> {
    await sql.query(
      `insert into es.embedding_cache (model_key, text_sha256, vector, truncated)
       select distinct on (row.sha) $2, row.sha, row.vector::vector, row.truncated
         from jsonb_to_recordset($1::jsonb) as row(sha text, vector text, truncated boolean)
        order by row.sha
       on conflict (model_key, text_sha256) do nothing`,
      [JSON.stringify(rows), this.embedder.profile.key],
    );
  }

  private async place(sql: Sql, rows: readonly object[]): Promise<void> {
    await sql.query(
      `with row as (
         select * from jsonb_to_recordset($1::jsonb)
           as row(namespace text, memory_id uuid, vector text, truncated boolean)
       ), settled as (
         delete from embedding_pending as pending
          using row
          where pending.profile = $2
            and pending.namespace = row.namespace and pending.memory_id = row.memory_id
         returning row.namespace, row.memory_id, row.vector, row.truncated
       )
       insert into ${this.table.name}
              (namespace, memory_id, task_id, task_type, agent_id, phase_id, success, tags, tools,
               occurred_at, truncated, emb)
       select memory.namespace, memory.id, memory.task_id, memory.task_type, memory.agent_id,
              memory.phase_id, memory.success, memory.tags, memory.tools, memory.occurred_at,
              settled.truncated, settled.vector::vector
         from settled
         join task_memories as memory
           on memory.namespace = settled.namespace and memory.id = settled.memory_id
       on conflict (namespace, memory_id) do nothing`,
      [JSON.stringify(rows), this.embedder.profile.slug],
    );
  }

  /** Notes why it failed, and tries again later: after 2 s, 4 s, 8 s, … at most an hour. */
  async postpone(memories: readonly PendingMemory[], error: string): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update embedding_pending as pending
            set error = $3,
                due_at = clock_timestamp()
                       + least(3600, 2 ^ least(pending.attempts, 12)) * interval '1 second'
           from jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
          where pending.profile = $2
            and pending.namespace = row.namespace and pending.memory_id = row.memory_id`,
        [JSON.stringify(memories), this.embedder.profile.slug, error],
      ),
    );
  }
}
