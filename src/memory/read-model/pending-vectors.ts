import type { Database, Sql } from '#database';
import type { Embedding } from '#embedding';
import { putIntoOutbox, type Outgoing } from '#event-store';
import { nameBasedId } from '#kernel';
import { placeCached } from './cached-vectors.js';
import type { VectorTable } from './vector-table.js';

/** A memory whose text waits to be embedded; `attempts` counts this one. */
export interface PendingMemory {
  readonly namespace: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly attempts: number;
  readonly text_sha256: string;
  readonly description: string | null;
  readonly execution_summary: string;
}

type Postponed = Pick<PendingMemory, 'memory_id' | 'task_id' | 'attempts'> & { position: string };

/** How long a claim holds: who died with it is followed by another after this many seconds. */
const CLAIM_SECONDS = 60;

/** The memories that have no vector yet in one space, and the one way they get it. */
export class PendingVectors {
  constructor(
    private readonly database: Database,
    private readonly table: VectorTable,
  ) {}

  /**
   * Frees what a process that died had claimed. Another that is still at work embeds such a text
   * twice, and writes it once.
   */
  async release(): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update ${this.table.pending} as pending set due_at = clock_timestamp()
          where pending.error is null and pending.due_at > clock_timestamp()`,
      ),
    );
  }

  /** Up to `limit` that are due, claimed so that no other process embeds them too. */
  claim(limit: number): Promise<PendingMemory[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<PendingMemory>(
        `with due as (
           select pending.namespace, pending.memory_id
             from ${this.table.pending} as pending
            where pending.due_at <= clock_timestamp()
            order by pending.due_at, pending.memory_id
            limit $1
              for update skip locked
         )
         update ${this.table.pending} as pending
            set attempts = pending.attempts + 1,
                due_at = clock_timestamp() + $2 * interval '1 second'
           from due
           join task_memories as memory
             on memory.namespace = due.namespace and memory.id = due.memory_id
          where pending.namespace = due.namespace and pending.memory_id = due.memory_id
         returning pending.namespace, pending.memory_id, memory.task_id, pending.attempts,
                   pending.text_sha256, memory.description,
                   coalesce(memory.execution_summary, '') as execution_summary`,
        [limit, CLAIM_SECONDS],
      ),
    );
  }

  /**
   * Writes vectors to the cache and the table. A memory taken back or erased meanwhile gets none, and
   * the cache does not learn its text; the one that processes share has by now, and is to forget it.
   */
  async settle(
    done: readonly { readonly memory: PendingMemory; readonly embedding: Embedding }[],
  ): Promise<void> {
    const rows = done.map(({ memory, embedding }) => ({
      namespace: memory.namespace,
      memory_id: memory.memory_id,
      text_sha256: memory.text_sha256,
      vector: `[${embedding.vector.join(',')}]`,
      truncated: embedding.truncated,
    }));
    const { profile } = this.table;
    await this.database.as('omoi_projector', async (sql) => {
      await sql.query(
        `with waiting as (
           select pending.text_sha256, row.vector, row.truncated
             from jsonb_to_recordset($1::jsonb)
                  as row(namespace text, memory_id uuid, vector text, truncated boolean)
             join ${this.table.pending} as pending
               on pending.namespace = row.namespace and pending.memory_id = row.memory_id
              for update of pending
         )
         insert into es.embedding_cache (model_key, text_sha256, vector, truncated)
         select distinct on (waiting.text_sha256) $2, waiting.text_sha256, waiting.vector::vector,
                waiting.truncated
           from waiting
          order by waiting.text_sha256
         on conflict (model_key, text_sha256) do nothing`,
        [JSON.stringify(rows), profile.key],
      );
      if (this.table.isShared) await forgetUnknown(sql, profile.key, rows);
      const ids = rows.map(({ memory_id }) => memory_id);
      await placeCached(sql, this.table, profile, ids);
    });
  }

  /**
   * Notes why it failed, and tries again later: after 2 s, 4 s, 8 s, … at most an hour.
   * @param toldAt when others are told of it; null when nobody is
   */
  async postpone(
    memories: readonly PendingMemory[],
    error: string,
    toldAt: Date | null,
  ): Promise<void> {
    await this.database.as('omoi_projector', async (sql) => {
      const postponed = await sql.query<Postponed>(
        `update ${this.table.pending} as pending
            set error = $2,
                due_at = clock_timestamp()
                       + least(3600, 2 ^ least(pending.attempts, 12)) * interval '1 second'
           from jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid, task_id text)
           join es.event as event
             on event.namespace = row.namespace and event.version = 1
            and event.stream_id = 'memory-' || row.memory_id
          where pending.namespace = row.namespace and pending.memory_id = row.memory_id
         returning row.memory_id, row.task_id, pending.attempts, event.position`,
        [JSON.stringify(memories), error],
      );
      if (!toldAt) return;
      await putIntoOutbox(
        sql,
        postponed.map((one) => this.failure(one, error, toldAt)),
      );
    });
  }

  private failure(
    { memory_id, task_id, attempts, position }: Postponed,
    code: string,
    now: Date,
  ): Outgoing {
    const type = 'memory.embedding.failed';

    return {
      id: nameBasedId(JSON.stringify([this.table.pending, memory_id, attempts, type])),
      type,
      subject: memory_id,
      position: BigInt(position),
      at: now.toISOString(),
      data: { memory_id, task_id, code },
    };
  }
}

/** What is not in the cache after that belongs to a memory that was taken back or erased. */
async function forgetUnknown(
  sql: Sql,
  modelKey: string,
  texts: readonly Pick<PendingMemory, 'text_sha256'>[],
): Promise<void> {
  await sql.query(
    `insert into es.embedding_forgotten (text_sha256)
     select text.sha256
       from unnest($1::text[]) as text(sha256)
      where not exists (select from es.embedding_cache as cache
                         where cache.model_key = $2 and cache.text_sha256 = text.sha256)
     on conflict do nothing`,
    [texts.map(({ text_sha256 }) => text_sha256), modelKey],
  );
}
