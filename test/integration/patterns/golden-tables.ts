import type { GoldenExecution, GoldenStep } from '../../../bench/golden-log.js';
import type { Database } from '../../../src/database/index.js';
import { enrol } from '../../../src/event-store/checkpoints.js';
import { ProjectionFollower } from '../../../src/event-store/follower.js';
import { EventCatalog, type StreamWrite } from '../../../src/event-store/index.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import type { Projection } from '../../../src/event-store/projection.js';
import { nameBasedId, newId, type Caller } from '../../../src/kernel/index.js';
import { memoryEvents } from '../../../src/memory/domain/memory.events.js';
import type { Key } from '../../../src/patterns/domain/key.js';
import { patternIdOf } from '../../../src/patterns/domain/pattern-id.js';
import { patternEvents } from '../../../src/patterns/domain/pattern.events.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';
import { LearnerTables } from './learner-tables.js';

const NAMESPACE = 'golden';
const AT = '2026-01-01T00:00:00.000Z';
/** An append holds up to a thousand events. */
const MOST_EVENTS = 500;

/**
 * The golden log brings signatures of its own, longer than the five words of ours: told as one word,
 * each stays what it is.
 */
export const asOneWord = (signature: string): string => signature.replaceAll(' ', '_');

/** A key of the golden log as the tables know it. */
export const asKey = (key: readonly string[]): Key =>
  (key[0]?.endsWith('_signature')
    ? [...key.slice(0, -1), asOneWord(key.at(-1) ?? '')]
    : key) as unknown as Key;

const callerOf = (actor: string | null): Caller => ({
  namespace: NAMESPACE,
  requestId: newId(),
  actor,
  traceparent: null,
  key: null,
});

/** The golden log as events of a real log, followed by the learner. */
export class GoldenTables extends LearnerTables {
  private readonly store: PostgresEventStore;
  private readonly follower: ProjectionFollower;

  constructor(database: Database) {
    super(database, NAMESPACE);
    const catalog = new EventCatalog();
    catalog.add(memoryEvents);
    catalog.add(patternEvents);
    this.store = new PostgresEventStore(database, catalog);
    this.follower = new ProjectionFollower(
      database,
      catalog,
      learnerProjection as unknown as Projection,
      null,
    );
  }

  async append(steps: readonly GoldenStep[]): Promise<void> {
    for (let start = 0; start < steps.length;) {
      const actor = actorOf(steps[start]);
      let end = start + 1;
      while (end < steps.length && end - start < MOST_EVENTS && actorOf(steps[end]) === actor)
        end += 1;
      await this.store.append({
        caller: callerOf(actor),
        writes: steps.slice(start, end).map(writeOf),
        keys: [],
        result: {},
        causationId: null,
      });
      start = end;
    }
  }

  /** Follows the log to its end. */
  async learn(): Promise<void> {
    await this.database.as('omoi_projector', (sql) => enrol(sql, this.follower));
    const head = await this.store.head();
    while ((await this.follower.step()).checkpoint < head);
  }
}

/** Steps in a row without an actor, or of one, are one append. Each without a name is somebody else. */
const actorOf = (step: GoldenStep | undefined): string | null =>
  step?.event.type === 'feedback' ? step.event.actor : null;

function writeOf({ event }: GoldenStep): StreamWrite {
  switch (event.type) {
    case 'execution':
      return storing(event);
    case 'revoke': {
      const memory_id = nameBasedId(event.execution_id);
      const text = { reason: 'golden' };
      return one(`memory-${memory_id}`, {
        type: 'memory.revoked',
        data: { memory_id, at: AT },
        text,
      });
    }
    case 'extraction': {
      const { pattern_type, regex } = event;
      const id = patternIdOf(NAMESPACE, pattern_type, ['extracted', pattern_type, regex]);
      const data = {
        pattern_id: id,
        at: AT,
        pattern_type,
        task_type_pattern: regex,
        min_samples: 3,
      };
      return one(`pattern-${id}`, { type: 'pattern.extracted', data });
    }
    case 'feedback': {
      const { key, pattern_type, helpful, confidence_adjustment } = event;
      const id = patternIdOf(NAMESPACE, pattern_type, asKey(key));
      const data = { pattern_id: id, at: AT, helpful, confidence_adjustment };
      const text = { comment: null };
      return one(`pattern-${id}`, { type: 'pattern.feedback_given', data, text });
    }
  }
}

function storing(event: GoldenExecution): StreamWrite {
  const memory_id = nameBasedId(event.execution_id);
  const { execution_id, task_id, task_type, agent_id, success, tags, description } = event;
  const data = { memory_id, task_id, task_type, success, execution_id, agent_id, tags, at: AT };
  const facts = {
    phase_id: null,
    tools: [],
    duration_ms: null,
    cost_usd: null,
    occurred_at: AT,
    suggestion_id: null,
    auto_extract_patterns: true,
  };
  const error_patterns = event.signature === null ? null : { error: asOneWord(event.signature) };

  return one(`memory-${memory_id}`, {
    type: 'memory.execution_stored',
    data: { ...data, ...facts },
    text: { execution_summary: 'golden', description, error_patterns },
  });
}

const one = (stream: `${string}-${string}`, event: StreamWrite['events'][number]): StreamWrite => ({
  stream,
  expected: 'any',
  events: [event],
});
