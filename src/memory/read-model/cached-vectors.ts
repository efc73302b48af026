import type { Sql } from '#database';
import type { EmbeddingProfile } from '#embedding';
import type { VectorTable } from './vector-table.js';

/**
 * Gives the memories that wait for their vector those that are in the cache.
 * @param among their ids; all that wait when left out
 */
export async function placeCached(
  sql: Sql,
  { name, pending }: Pick<VectorTable, 'name' | 'pending'>,
  profile: EmbeddingProfile,
  among: readonly string[] | null = null,
): Promise<void> {
  await sql.query(
    `with settled as (
       delete from ${pending} as pending
        using es.embedding_cache as cache
        where cache.model_key = $1 and cache.text_sha256 = pending.text_sha256
          and ($2::uuid[] is null or pending.memory_id = any($2))
       returning pending.namespace, pending.memory_id, pending.text_sha256, cache.vector,
                 cache.truncated
     )
     insert into ${name}
            (namespace, memory_id, task_id, task_type, agent_id, phase_id, success, tags, tools,
             occurred_at, truncated, emb, text_sha256)
     select memory.namespace, memory.id, memory.task_id, memory.task_type, memory.agent_id,
            memory.phase_id, memory.success, memory.tags, memory.tools, memory.occurred_at,
            settled.truncated, settled.vector, settled.text_sha256
       from settled
       join public.task_memories as memory
         on memory.namespace = settled.namespace and memory.id = settled.memory_id
     on conflict (namespace, memory_id) do nothing`,
    [profile.key, among],
  );
}
