import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import { keywordNames, keywordText } from '../domain/keyword-text.js';
import type {
  ExecutionStored,
  MemoryErased,
  MemoryEvent,
  MemoryRevoked,
} from '../domain/memory.events.js';

/**
 * The only writer of `memory_keywords` and `keyword_frequencies`. It writes in turn, whole pages at a
 * time, so that the frequencies can be counted where they stand: they always follow from the other
 * table, and nothing is left of a text that went.
 */
class KeywordRows {
  constructor(private readonly sql: Sql) {}

  async add(events: readonly StoredEvent<ExecutionStored>[]): Promise<void> {
    const rows = events.flatMap(({ namespace, data, text }) => {
      if (!text) return [];
      const names = keywordNames(data);
      const body = keywordText({ ...data, ...text });

      return [{ namespace, ...data, names, body }];
    });
    await this.sql.query(
      `with added as (
         insert into memory_keywords
                (namespace, memory_id, task_id, task_type, agent_id, phase_id, success, tags, tools,
                 occurred_at, terms, weights)
         select row.namespace, row.memory_id, row.task_id, row.task_type, row.agent_id,
                row.phase_id, row.success, row.tags, row.tools, row.occurred_at, document.terms,
                document.weights
           from json_to_recordset($1::json)
                as row(namespace text, memory_id uuid, task_id text, task_type text, agent_id text,
                       phase_id text, success boolean, tags text[], tools text[],
                       occurred_at timestamptz, names text, body text)
          cross join lateral es.keyword_document(row.namespace, row.body, row.names) as document
         on conflict (namespace, memory_id) do nothing
         returning namespace, terms
       )
       insert into keyword_frequencies as known (namespace, term, documents)
       ${counted('added')}
       on conflict (namespace, term) do update
          set documents = known.documents + excluded.documents`,
      [JSON.stringify(rows)],
    );
  }

  async remove(events: readonly StoredEvent<MemoryRevoked | MemoryErased>[]): Promise<void> {
    await this.sql.query(
      `with gone as (
         delete from memory_keywords as gone
          using jsonb_to_recordset($1::jsonb) as row(namespace text, memory_id uuid)
          where gone.namespace = row.namespace and gone.memory_id = row.memory_id
         returning gone.namespace, gone.terms
       ), counted as materialized (
         ${counted('gone')}
       ), unknown as (
         delete from keyword_frequencies as known
          using counted
          where known.namespace = counted.namespace and known.term = counted.term
            and known.documents <= counted.documents
       )
       update keyword_frequencies as known
          set documents = known.documents - counted.documents
         from counted
        where known.namespace = counted.namespace and known.term = counted.term
          and known.documents > counted.documents`,
      [JSON.stringify(events.map(({ namespace, data }) => ({ namespace, ...data })))],
    );
  }
}

/** In how many of those memories each term stands, and as term 0 how many they are. */
const counted = (memories: string): string => `
  select memory.namespace, term, count(*)::int as documents
    from ${memories} as memory
   cross join lateral unnest(0 || memory.terms) as term
   group by memory.namespace, term
   order by memory.namespace, term`;

/** The words of several memories change the frequencies of common terms once. */
const GATHERS_MS = 50;

export const memoryKeywords: Projection<MemoryEvent, KeywordRows> = {
  name: 'memory-keywords',
  source: import.meta.url,
  tables: ['memory_keywords', 'keyword_frequencies'],
  gathers: GATHERS_MS,
  rows: (sql) => new KeywordRows(sql),
  // Through this requests look for terms; which may see it was said when it was made.
  views: async (sql) => {
    await sql.query(
      `create or replace view es.searchable_keywords as
       select keywords.*
         from public.memory_keywords as keywords
        where keywords.namespace = current_setting('omoi.namespace', true)`,
    );
  },

  on: {
    'memory.execution_stored': (events, rows) => rows.add(events),
    'memory.revoked': (events, rows) => rows.remove(events),
    'memory.erased': (events, rows) => rows.remove(events),
  },
};
