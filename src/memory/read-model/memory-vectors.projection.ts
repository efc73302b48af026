import type { Sql } from '#database';
import { textKey, type EmbeddingProfile } from '#embedding';
import type { Projection, Reading, StoredEvent } from '#event-store';
import { embeddedText } from '../domain/embedded-text.js';
import type {
  ExecutionStored,
  MemoryErased,
  MemoryEvent,
  MemoryRevoked,
} from '../domain/memory.events.js';
import { placeCached } from './cached-vectors.js';
import type { VectorTable } from './vector-table.js';

type VectorTables = Pick<VectorTable, 'name' | 'pending' | 'isShared'>;

/** Writes the vectors that are in the cache, and notes which have still to be made. */
class VectorRows {
  constructor(
    private readonly sql: Sql,
    private readonly tables: VectorTables,
    private readonly profile: EmbeddingProfile,
    private readonly reading: Reading,
  ) {}

  async add(events: readonly StoredEvent<ExecutionStored>[]): Promise<void> {
    const rows = events
      .filter(({ text }) => text !== undefined)
      .map(({ namespace, data, text }) => ({
        namespace,
        ...data,
        sha: textKey(embeddedText(text?.description ?? null, text?.execution_summary ?? '')),
      }));
    await this.sql.query(
      `with row as (
         select * from json_to_recordset($1::json)
           as row(namespace text, memory_id uuid, task_id text, task_type text, agent_id text,
                  phase_id text, success boolean, tags text[], tools text[],
                  occurred_at timestamptz, sha text)
       ), known as (
         insert into ${this.tables.name}
                (namespace, memory_id, task_id, task_type, agent_id, phase_id, success, tags, tools,
                 occurred_at, truncated, emb, text_sha256)
         select row.namespace, row.memory_id, row.task_id, row.task_type, row.agent_id,
                row.phase_id, row.success, row.tags, row.tools, row.occurred_at, cache.truncated,
                cache.vector, row.sha
           from row
           join es.embedding_cache as cache
             on cache.model_key = $2 and cache.text_sha256 = row.sha
         on conflict (namespace, memory_id) do nothing
       )
       insert into ${this.tables.pending} (namespace, memory_id, text_sha256, due_at)
       select row.namespace, row.memory_id, row.sha, now()
         from row
        where not exists (select from es.embedding_cache as cache
                           where cache.model_key = $2 and cache.text_sha256 = row.sha)
       on conflict (namespace, memory_id) do nothing`,
      [JSON.stringify(rows), this.profile.key],
    );
  }

  async remove(events: readonly StoredEvent<MemoryRevoked | MemoryErased>[]): Promise<void> {
    // A replay may still need the texts in the cache: of what it has not read yet, it does not know them.
    if (this.reading === 'replay')
      await this.removeFrom([this.tables.pending, this.tables.name], events);
    else await this.removeEverywhere(events);
  }

  /**
   * From every space, whoever follows for it: one may be behind, and of a model that is used no more
   * nobody reads. All of them take the tables in one order, so that no two wait for each other, and he
   * who finds the last row forgets the text.
   */
  private async removeEverywhere(
    events: readonly StoredEvent<MemoryRevoked | MemoryErased>[],
  ): Promise<void> {
    const tables = await this.sql.query<{ name: string }>(
      // First where the embedding worker locks first: a vector it is about to write is seen after that.
      `select quote_ident(space.tablename) as name
         from pg_tables as space
        where space.schemaname = 'public'
          and (space.tablename like 'memory\\_embedding\\_%'
               or space.tablename like 'embedding\\_pending\\_%')
        order by space.tablename`,
    );
    const names = tables.map(({ name }) => name);
    const texts = await this.removeFrom(names, events);
    if (texts.length > 0) await this.forget(texts, names);
  }

  /** Gives the texts, by their hash, that lost a row. */
  private async removeFrom(
    tables: readonly string[],
    events: readonly StoredEvent<MemoryRevoked | MemoryErased>[],
  ): Promise<string[]> {
    const rows = JSON.stringify(events.map(({ namespace, data }) => ({ namespace, ...data })));
    const texts: string[] = [];
    for (const table of tables) {
      const gone = await this.sql.query<{ text_sha256: string }>(
        `delete from ${table} as gone
          using jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
          where gone.namespace = row.namespace and gone.memory_id = row.memory_id
         returning gone.text_sha256`,
        [rows],
      );
      texts.push(...gone.map(({ text_sha256 }) => text_sha256));
    }
    return texts;
  }

  /** The caches keep no vector of a text that no memory has any more, of whatever model. */
  private async forget(texts: readonly string[], tables: readonly string[]): Promise<void> {
    const unused = tables.map(
      (table) => `not exists (select from ${table} as space where space.text_sha256 = text.sha256)`,
    );
    await this.sql.query(
      `with unused as (
         select distinct text.sha256
           from unnest($1::text[]) as text(sha256)
          where ${unused.join(' and ')}
       ), gone as (
         delete from es.embedding_cache as cache
          using unused
          where cache.text_sha256 = unused.sha256
       )
       insert into es.embedding_forgotten (text_sha256)
       select unused.sha256 from unused where $2
       on conflict do nothing`,
      [texts, this.tables.isShared],
    );
  }
}

/** What the projection of a vector space is called. */
export const vectorsOf = ({ slug }: EmbeddingProfile): string => `memory-vectors-${slug}`;

/** So many memories are searchable a moment later in one step instead of many. */
const GATHERS_MS = 50;

/** One projection a vector space: a new model reads the log from its beginning, beside the old. */
export const memoryVectors = (
  tables: VectorTables,
  profile: EmbeddingProfile,
): Projection<MemoryEvent, VectorRows> => ({
  name: vectorsOf(profile),
  source: import.meta.url,
  tables: [tables.name, tables.pending],
  queues: [tables.pending],
  gathers: GATHERS_MS,
  rows: (sql, { reading }) => new VectorRows(sql, tables, profile, reading),
  settle: (sql) => placeCached(sql, tables, profile),

  on: {
    'memory.execution_stored': (events, rows) => rows.add(events),
    'memory.revoked': (events, rows) => rows.remove(events),
    'memory.erased': (events, rows) => rows.remove(events),
  },
});
