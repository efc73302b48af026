import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type {
  ContextWasSuggested,
  ExecutionStored,
  MemoryErased,
  MemoryRevoked,
  OutcomeRecorded,
} from '#memory';

type SuggestionEvent =
  ContextWasSuggested | OutcomeRecorded | ExecutionStored | MemoryRevoked | MemoryErased;

/** The only writer of the tables of suggestions. Nobody's words stand in them. */
class SuggestionRows {
  constructor(private readonly sql: Sql) {}

  async add(events: readonly StoredEvent<ContextWasSuggested>[]): Promise<void> {
    const rows = events.map(({ namespace, position, data }) => ({
      namespace,
      position: String(position),
      ...data,
    }));
    await this.sql.query(
      `with row as (
         select * from jsonb_to_recordset($1::jsonb)
           as row(namespace text, suggestion_id uuid, position bigint, task_id text,
                  task_type text, at timestamptz, items jsonb, patterns jsonb, threshold float8,
                  top_k int, abstained boolean, reason text, model_key text, learner_version int)
       ), served as (
         insert into suggestion_patterns (namespace, pattern_id, suggestion_id)
         select row.namespace, pattern.pattern_id, row.suggestion_id
           from row, jsonb_to_recordset(row.patterns) as pattern(pattern_id uuid)
         on conflict (namespace, pattern_id, suggestion_id) do nothing
       )
       insert into suggestions
              (namespace, id, position, task_id, task_type, at, items, patterns, threshold, top_k,
               abstained, reason, model_key, learner_version)
       select row.namespace, row.suggestion_id, row.position, row.task_id, row.task_type, row.at,
              row.items, row.patterns, row.threshold, row.top_k, row.abstained, row.reason,
              row.model_key, row.learner_version
         from row
       on conflict (namespace, id) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async close(events: readonly StoredEvent<OutcomeRecorded>[]): Promise<void> {
    const rows = events.map(({ namespace, position, data }) => ({
      namespace,
      position: String(position),
      ...data,
    }));
    await this.sql.query(
      `update suggestions as suggestion
          set said = row.success, said_position = row.position, said_at = row.at
         from jsonb_to_recordset($1::jsonb)
              as row(namespace text, suggestion_id uuid, success boolean, position bigint,
                     at timestamptz)
        where suggestion.namespace = row.namespace and suggestion.id = row.suggestion_id
          and suggestion.said is null`,
      [JSON.stringify(rows)],
    );
  }

  /** Those that may be learned from. */
  async count(events: readonly StoredEvent<ExecutionStored>[]): Promise<void> {
    const rows = events
      .filter(({ data }) => data.auto_extract_patterns)
      .map(({ namespace, position, data }) => ({ namespace, position: String(position), ...data }));
    await this.sql.query(
      `insert into suggestion_executions
              (namespace, position, memory_id, suggestion_id, task_type, success, at)
       select row.namespace, row.position, row.memory_id, row.suggestion_id, row.task_type,
              row.success, row.occurred_at
         from jsonb_to_recordset($1::jsonb)
              as row(namespace text, position bigint, memory_id uuid, suggestion_id uuid,
                     task_type text, success boolean, occurred_at timestamptz)
       on conflict (namespace, position) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async takeBack(events: readonly StoredEvent<MemoryRevoked | MemoryErased>[]): Promise<void> {
    const rows = events.map(({ namespace, position, data }) => ({
      namespace,
      position: String(position),
      memory_id: data.memory_id,
    }));
    await this.sql.query(
      `update suggestion_executions as execution set revoked_at = row.position
         from (select one.namespace, one.memory_id, min(one.position) as position
                 from jsonb_to_recordset($1::jsonb)
                      as one(namespace text, memory_id uuid, position bigint)
                group by one.namespace, one.memory_id) as row
        where execution.namespace = row.namespace and execution.memory_id = row.memory_id
          and execution.revoked_at is null`,
      [JSON.stringify(rows)],
    );
  }
}

const takeBack = (
  events: readonly StoredEvent<MemoryRevoked | MemoryErased>[],
  rows: SuggestionRows,
): Promise<void> => rows.takeBack(events);

/** As long as the learner lets them gather: who waits for one waits for both. */
const GATHERS_MS = 200;

export const suggestions: Projection<SuggestionEvent, SuggestionRows> = {
  name: 'suggestions',
  source: import.meta.url,
  tables: ['suggestions', 'suggestion_patterns', 'suggestion_executions'],
  needs: ['suggestion_executions_memory'],
  gathers: GATHERS_MS,
  rows: (sql) => new SuggestionRows(sql),

  on: {
    'context.suggested': (events, rows) => rows.add(events),
    'suggestion.outcome_recorded': (events, rows) => rows.close(events),
    'memory.execution_stored': (events, rows) => rows.count(events),
    'memory.revoked': takeBack,
    'memory.erased': takeBack,
  },
};
