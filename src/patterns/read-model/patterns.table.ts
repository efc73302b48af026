import type { Sql } from '#database';
import type { Tell } from '#event-store';
import type { Change, Concluded, Moment } from '../domain/conclusions.js';
import type { KeyState } from '../domain/key-state.js';
import { taskTypePatternOf, type Key } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import type { Learner } from '../domain/learner.js';
import { noticesOf } from '../domain/notices.js';
import { keyIdOf, patternIdOf } from '../domain/pattern-id.js';

/** What people said of patterns among some events, by pattern and by who said it. */
export type Spoken = ReadonlyMap<string, ReadonlyMap<string, Moment>>;

/** The tables that patterns are served from, and what is told of them. */
export class PatternsTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
    private readonly tell: Tell,
  ) {}

  /** The keys of patterns that were ever listed, by pattern. */
  async keysOf(ids: readonly string[]): Promise<Map<string, Key>> {
    if (ids.length === 0) return new Map();
    const rows = await this.sql.query<{ id: string; key: Key }>(
      `select pattern.id, key.key
         from learned_patterns as pattern
         join learner_keys as key
           on key.namespace = pattern.namespace and key.id = pattern.key_id
        where pattern.namespace = $1 and pattern.id = any($2)`,
      [this.namespace, ids],
    );
    return new Map(rows.map(({ id, key }) => [id, key]));
  }

  async save({
    turned,
    patterns,
    changes,
  }: Pick<Learner, 'turned' | 'patterns' | 'changes'>): Promise<void> {
    await this.list([...patterns.values()]);
    await this.unlist([...turned]);
    await this.note(changes);
    this.tellOf(changes);
  }

  async hear(state: LearnerState, spoken: Spoken): Promise<void> {
    if (spoken.size === 0) return;
    const rows = [...spoken].flatMap(([pattern_id, words]) =>
      [...words].map(([who, { position }]) => {
        const said = state.feedback.get(pattern_id)?.get(who);
        return { pattern_id, who, position: String(position), ...said };
      }),
    );
    await this.sql.query(
      `insert into pattern_feedback (namespace, pattern_id, who, position, helpful, adjustment)
       select $1, row.*
         from jsonb_to_recordset($2::jsonb)
              as row(pattern_id uuid, who text, position bigint, helpful boolean,
                     adjustment float8)
       on conflict (namespace, pattern_id, who) do update
          set helpful = excluded.helpful, adjustment = excluded.adjustment`,
      [this.namespace, JSON.stringify(rows)],
    );
  }

  async retire(state: LearnerState, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.sql.query(
      `update learned_patterns as pattern set is_retired = pattern.id = any($3)
        where pattern.namespace = $1 and pattern.id = any($2)`,
      [this.namespace, ids, ids.filter((id) => state.retired.has(id))],
    );
  }

  private async list(patterns: readonly Concluded[]): Promise<void> {
    const rows = patterns.map((pattern) => ({
      key_id: keyIdOf(this.namespace, pattern.of.key),
      id: pattern.patternId,
      pattern_type: pattern.side,
      task_type_pattern: taskTypePatternOf(pattern.of.key),
      status: pattern.status,
      confidence_score: pattern.confidence,
      lower_bound: pattern.lower,
      created_at: pattern.since.at,
      updated_at: pattern.last.at,
    }));
    await this.sql.query(
      `insert into learned_patterns as pattern
              (namespace, key_id, id, pattern_type, task_type_pattern, status, confidence_score,
               lower_bound, created_at, updated_at, is_listed, usage_count)
       select $1, row.key_id, row.id, row.pattern_type, row.task_type_pattern, row.status,
              row.confidence_score, row.lower_bound, row.created_at,
              greatest(row.updated_at, served.at), true, coalesce(served.times, 0)
         from jsonb_to_recordset($2::jsonb)
              as row(key_id uuid, id uuid, pattern_type text, task_type_pattern text, status text,
                     confidence_score float8, lower_bound float8, created_at timestamptz,
                     updated_at timestamptz)
         -- A pattern may have been served before what it rests on now was there.
         left join lateral (
              select count(*) as times, es.iso(max(event.recorded_at))::timestamptz as at
                from pattern_suggestions as one
                join es.event as event on event.position = one.position
               where one.namespace = $1 and one.pattern_id = row.id
                 and not exists (select from learned_patterns as known
                                  where known.namespace = $1 and known.id = row.id)) as served
           on true
       on conflict (namespace, id) do update
          set status = excluded.status, confidence_score = excluded.confidence_score,
              lower_bound = excluded.lower_bound, is_listed = true,
              updated_at = greatest(pattern.updated_at, excluded.updated_at)`,
      [this.namespace, JSON.stringify(rows)],
    );
  }

  /** When a key leans to the other side, or nothing votes for it any more, its pattern is gone. */
  private async unlist(turned: readonly KeyState[]): Promise<void> {
    if (turned.length === 0) return;
    const listed = turned.map(({ key, noted }) =>
      noted === null ? null : patternIdOf(this.namespace, noted.side, key),
    );
    await this.sql.query(
      `update learned_patterns as pattern set is_listed = false
         from unnest($2::uuid[], $3::uuid[]) as row(key_id, id)
        where pattern.namespace = $1 and pattern.key_id = row.key_id
          and pattern.is_listed and pattern.id is distinct from row.id`,
      [this.namespace, turned.map(({ key }) => keyIdOf(this.namespace, key)), listed],
    );
  }

  private async note(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const rows = changes.map((change) => ({
      pattern_id: change.patternId,
      position: String(change.position),
      at: change.at,
      cause: change.cause,
      status: change.status,
      confidence_score: change.confidence,
    }));
    await this.sql.query(
      `insert into pattern_history
              (namespace, pattern_id, position, at, cause, status, confidence_score)
       select $1, row.*
         from jsonb_to_recordset($2::jsonb)
              as row(pattern_id uuid, position bigint, at timestamptz, cause text, status text,
                     confidence_score float8)`,
      [this.namespace, JSON.stringify(rows)],
    );
  }

  private tellOf(changes: readonly Change[]): void {
    const notices = changes.flatMap((change) => noticesOf(change, this.formerOf(change)));
    this.tell(
      notices.map(({ id, type, pattern_id, position, at, data }) => ({
        id,
        type,
        subject: pattern_id,
        position,
        at,
        data: { pattern_id, ...data },
      })),
    );
  }

  /** The pattern that a key made when it was last noted. */
  private formerOf({ was, side, key }: Change): string {
    return patternIdOf(this.namespace, was?.side ?? side, key);
  }
}
