import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { SuggestionResponse } from './suggestion.response.js';

/** A suggestion as it was recorded, and how it went. */
export type RecordedSuggestion = Omit<SuggestionResponse, 'similar_tasks' | 'patterns'> & {
  readonly items: readonly Pick<
    SuggestionResponse['similar_tasks'][number],
    'memory_id' | 'similarity'
  >[];
  readonly patterns: readonly Omit<SuggestionResponse['patterns'][number], 'says' | 'evidence'>[];
};

/** What cannot be the id of any suggestion need not be looked for. */
const suggestionId = z.uuid();

@Injectable()
export class SuggestionReader {
  constructor(private readonly database: Database) {}

  /** Null when there is none. */
  async one(namespace: string, id: string): Promise<RecordedSuggestion | null> {
    if (!suggestionId.safeParse(id).success) return null;
    const [found] = await this.database.within(namespace, (sql) =>
      sql.query<RecordedSuggestion>(
        `select suggestion.id as suggestion_id, suggestion.task_id, suggestion.task_type,
                es.iso(suggestion.at) as at, suggestion.position::float8 as position,
                suggestion.items, suggestion.patterns, suggestion.threshold as threshold_used,
                suggestion.top_k, suggestion.abstained, suggestion.reason, suggestion.model_key,
                suggestion.learner_version,
                case when execution.memory_id is not null
                     then jsonb_build_object(
                            'success', execution.success, 'by', 'execution',
                            'memory_id', execution.memory_id, 'at', es.iso(execution.at))
                     when suggestion.said is not null
                     then jsonb_build_object(
                            'success', suggestion.said, 'by', 'word',
                            'memory_id', null, 'at', es.iso(suggestion.said_at))
                end as outcome
           from suggestions as suggestion
           left join lateral (
                select one.memory_id, one.success, one.at
                  from suggestion_executions as one
                 where one.namespace = suggestion.namespace
                   and one.suggestion_id = suggestion.id and one.revoked_at is null
                 order by one.position
                 limit 1) as execution on true
          where suggestion.namespace = $1 and suggestion.id = $2`,
        [namespace, id],
      ),
    );
    return found ?? null;
  }

  /** Those for a task of which somebody had said how it went by a position. */
  async closedBefore(namespace: string, taskId: string, position: bigint): Promise<string[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<{ id: string }>(
        `select suggestion.id
           from suggestions as suggestion
          where suggestion.namespace = $1 and suggestion.task_id = $2
            and suggestion.said_position < $3
          order by suggestion.id`,
        [namespace, taskId, position],
      ),
    );
    return rows.map(({ id }) => id);
  }
}
