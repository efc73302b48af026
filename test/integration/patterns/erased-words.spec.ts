import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { madeExecutions } from '../../../bench/made-executions.js';
import { enrol } from '../../../src/event-store/checkpoints.js';
import { EventCatalog, textsOf, type StreamWrite } from '../../../src/event-store/index.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import { ProjectionFollower } from '../../../src/event-store/projection-follower.js';
import type { Projection } from '../../../src/event-store/projection.js';
import { nameBasedId, newId } from '../../../src/kernel/index.js';
import { memoryEvents } from '../../../src/memory/domain/memory.events.js';
import type { Side } from '../../../src/patterns/domain/key.js';
import { patternIdOf } from '../../../src/patterns/domain/pattern-id.js';
import { patternEvents } from '../../../src/patterns/domain/pattern.events.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { LearnerTables } from './learner-tables.js';

const NAMESPACE = 'erased';
const AT = '2026-01-01T00:00:00.000Z';
const ROUNDS = 60;
const IN_A_ROUND = 12;
const REGEXES = ['login', '_api$', '^fix_api$', 'report of part [0-4]', 'search'];

/** The same numbers each time, 0..1. */
function* chance(): Generator<number, never> {
  for (let state = 7; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('What the learner knows after words were erased', () => {
  let opened: OpenDatabase;
  let tables: LearnerTables;
  let store: PostgresEventStore;
  let follower: ProjectionFollower;
  const made = madeExecutions(3);
  const numbers = chance();
  const below = (end: number): number => Math.floor(numbers.next().value * end);
  const memories: string[] = [];

  beforeAll(async () => {
    opened = await openDatabase();
    tables = new LearnerTables(opened.database, NAMESPACE);
    const catalog = new EventCatalog();
    catalog.add(memoryEvents);
    catalog.add(patternEvents);
    store = new PostgresEventStore(opened.database, catalog);
    const learner = learnerProjection as unknown as Projection;
    follower = new ProjectionFollower(opened.database, catalog, learner, null);
    await opened.database.as('omoi_projector', (sql) => enrol(sql, follower));
  });
  afterAll(() => opened.close());

  const append = (writes: readonly StreamWrite[], actor: string | null = null): Promise<unknown> =>
    store.append({
      caller: { namespace: NAMESPACE, requestId: newId(), actor, traceparent: null, key: null },
      writes,
      keys: [],
      result: {},
      causationId: null,
    });

  const stored = (): StreamWrite => {
    const one = made.next().value;
    const id = nameBasedId(one.memoryId);
    memories.push(id);
    const data = {
      memory_id: id,
      task_id: one.task,
      task_type: one.taskType,
      success: one.success,
      execution_id: null,
      agent_id: one.agent,
      phase_id: null,
      tags: one.tags.slice(0, 2),
      tools: one.tools.slice(0, 2),
      duration_ms: one.durationMs,
      cost_usd: one.costUsd,
      occurred_at: AT,
      suggestion_id: null,
      auto_extract_patterns: true,
      at: AT,
    };
    const error_patterns = one.signature === null ? null : { message: one.signature };
    const text = { execution_summary: 'Done', description: one.description, error_patterns };

    return {
      stream: `memory-${id}`,
      expected: 0,
      events: [{ type: 'memory.execution_stored', data, text }],
    };
  };

  const takenBack = async (type: 'memory.revoked' | 'memory.erased'): Promise<void> => {
    const [id = ''] = memories.splice(below(memories.length), 1);
    const history = await store.read(NAMESPACE, `memory-${id}`);
    const erases = type === 'memory.erased';
    const more = erases ? { task_id: 'a task' } : {};
    const event = { type, data: { memory_id: id, ...more, at: AT } };
    await append([
      {
        stream: `memory-${id}`,
        expected: 'any',
        events: [erases ? event : { ...event, text: { reason: 'So' } }],
        forgets: erases ? textsOf(history) : [],
      },
    ]);
    // What was revoked may be erased later.
    if (!erases) memories.push(id);
  };

  const decided = async (): Promise<void> => {
    const ids = await opened.database.as('omoi_projector', (sql) =>
      sql.query<{ id: string }>(
        `select pattern.id from learned_patterns as pattern
           join learner_keys as key on key.id = pattern.key_id
          where pattern.is_listed
          order by key.kind not in ('extracted', 'type_signature'), pattern.id limit 60`,
      ),
    );
    const pattern_id = ids[below(ids.length)]?.id ?? newId();
    const said = { pattern_id, at: AT };
    const kinds = [
      { type: 'pattern.retired', data: said, text: { reason: null } },
      { type: 'pattern.restored', data: said, text: { reason: null } },
      ...[true, false].map((helpful) => ({
        type: 'pattern.feedback_given',
        data: { ...said, helpful, confidence_adjustment: 0.1 },
        text: { comment: null },
      })),
    ];
    const event = kinds[below(kinds.length)];
    if (event)
      await append([{ stream: `pattern-${newId()}`, expected: 0, events: [event] }], 'ann');
    const why = { served_as: 'advice', rule: 'So.' };
    const patterns = [{ pattern_id, status: 'active', confidence: 1, ...why }];
    const data = {
      ...{ suggestion_id: newId(), task_id: 't', task_type: 'x', items: [], patterns },
      ...{ threshold: 0.5, top_k: 3, reason: null },
      ...{ learner_version: 1, abstained: false, model_key: 'm', at: AT },
    };
    const events = [{ type: 'context.suggested', data }];
    await append([{ stream: `suggestion-${newId()}`, expected: 0, events }]);
  };

  const extracted = (regex: string, side: Side): Promise<unknown> => {
    const pattern_id = patternIdOf(NAMESPACE, side, ['extracted', side, regex]);
    const data = {
      pattern_id,
      at: AT,
      pattern_type: side,
      task_type_pattern: regex,
      min_samples: 2,
    };

    return append([
      {
        stream: `pattern-${pattern_id}`,
        expected: 'any',
        events: [{ type: 'pattern.extracted', data }],
      },
    ]);
  };

  const learned = async (): Promise<void> => {
    while ((await follower.step()).applied > 0);
  };

  const live = async (round: number): Promise<void> => {
    await append(Array.from({ length: IN_A_ROUND }, stored));
    const regex = round % 7 === 0 ? REGEXES[round / 7] : undefined;
    if (regex !== undefined) await extracted(regex, round % 2 ? 'failure' : 'success');
    if (round % 2 === 0) await takenBack('memory.revoked');
    await decided();
    // Sometimes in one page with what they erase, sometimes long after.
    if (below(3) > 0) await learned();
    for (let n = below(4); n > 0; n -= 1) await takenBack('memory.erased');
    if (below(2) > 0) await learned();
  };

  it('is what one knows who never saw them, to the byte', async () => {
    for (let round = 0; round < ROUNDS; round += 1) await live(round);
    await learned();
    const before = await tables.dump();
    expect([...before.values()].every((rows) => rows.length > 0)).toBe(true);

    await tables.wipe();
    await learned();
    const after = await tables.dump();
    for (const [table, rows] of before) expect([table, after.get(table)]).toEqual([table, rows]);
  });
});
