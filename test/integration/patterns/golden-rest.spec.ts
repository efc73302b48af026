import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { learnedFrom, rowsOf } from '../../../bench/golden-fold.js';
import {
  differences,
  readGoldenLog,
  type GoldenExecution,
  type GoldenStep,
} from '../../../bench/golden-log.js';
import { Database } from '../../../src/database/index.js';
import { EventStore, Followers } from '../../../src/event-store/index.js';
import { LearnerInMemory, type Learned } from '../../../src/patterns/domain/learner-in-memory.js';
import { patternIdOf } from '../../../src/patterns/domain/pattern-id.js';
import { HistogramsTable } from '../../../src/patterns/read-model/histograms.table.js';
import { isFound } from '../../../src/patterns/regex.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { asKey, asOneWord } from './golden-tables.js';
import { LearnerTables } from './learner-tables.js';

/** The namespace of the fold, whose pattern ids depend on it. */
const NAMESPACE = 'golden';
const BATCH = 500;

/** A task has one type here, that of its first execution: the golden log knows some under two. */
function withOneType(steps: readonly GoldenStep[]): GoldenStep[] {
  const types = new Map<string, string>();

  return steps.map((step) => {
    const { event } = step;
    if (event.type !== 'execution') return step;
    const task_type = types.get(event.task_id) ?? event.task_type;
    types.set(event.task_id, task_type);
    const signature = event.signature === null ? null : asOneWord(event.signature);
    return { ...step, event: { ...event, task_type, signature } };
  });
}

/** The golden log knows no durations and no costs: made ones, so many seconds and cents. */
function amountsOf(executionId: string): { durationMs: number | null; costUsd: number | null } {
  const n = Array.from(executionId).reduce(
    (sum, letter) => (31 * sum + letter.charCodeAt(0)) % 9_973,
    7,
  );

  return {
    durationMs: n % 7 === 0 ? null : 1_000 * (n % 90),
    costUsd: n % 5 === 0 ? null : (n % 40) / 100,
  };
}

const withAmounts = (learned: Learned): Learned =>
  learned.is === 'execution'
    ? {
        ...learned,
        execution: { ...learned.execution, ...amountsOf(learned.execution.memoryId) },
      }
    : learned;

describe('The golden log, told over HTTP', () => {
  let omoi: RunningApp;
  let agent: Agent;
  let tables: LearnerTables;
  let steps: GoldenStep[];
  const memories = new Map<string, string>();
  const refused: string[] = [];
  const fold = new LearnerInMemory(NAMESPACE, isFound);

  beforeAll(async () => {
    omoi = await startApp();
    agent = new Agent(omoi, NAMESPACE);
    tables = new LearnerTables(omoi.app.get(Database), NAMESPACE);
    steps = withOneType((await readGoldenLog('test/fixtures/golden-learner')).steps);
  });
  afterAll(() => omoi.stop());

  const store = async (events: readonly GoldenExecution[]): Promise<void> => {
    const executions = events.map((event) => ({
      duration_ms: amountsOf(event.execution_id).durationMs,
      cost_usd: amountsOf(event.execution_id).costUsd,
      task_id: event.task_id,
      task: { type: event.task_type, description: event.description },
      execution_id: event.execution_id,
      execution_summary: 'golden',
      success: event.success,
      agent_id: event.agent_id,
      tags: event.tags,
      error_patterns: event.signature === null ? null : { error: event.signature },
    }));
    const { body } = await agent.post('/memory/store/batch', { executions });
    events.forEach(({ execution_id }, index) => {
      memories.set(execution_id, body.items[index].memory_id);
    });
  };

  /** Gives the status. */
  const decide = async ({ event }: GoldenStep): Promise<number> => {
    if (event.type === 'revoke') {
      const id = memories.get(event.execution_id) ?? '';
      const { status } = await agent.post(`/memory/executions/${id}/revoke`, { reason: 'golden' });
      return status;
    }
    if (event.type === 'extraction') {
      const { regex: task_type_pattern, pattern_type } = event;
      const asked = { task_type_pattern, pattern_type };
      return (await agent.post('/memory/patterns/extract', asked)).status;
    }
    if (event.type !== 'feedback') return 0;
    const id = patternIdOf(NAMESPACE, event.pattern_type, asKey(event.key));
    const { helpful, confidence_adjustment, actor } = event;
    const headers: Record<string, string> = actor === null ? {} : { 'X-Actor': actor };
    const said = { helpful, confidence_adjustment };
    return (await agent.post(`/memory/patterns/${id}/feedback`, said, headers)).status;
  };

  /** The same step in memory. */
  const learn = (step: GoldenStep, index: number): void => {
    const { event } = step;
    const told =
      event.type === 'feedback'
        ? { ...step, event: { ...event, key: [...asKey(event.key)] as typeof event.key } }
        : step;
    const moment = { position: BigInt(index + 1), at: '', cause: event.type };
    fold.apply(withAmounts(learnedFrom(NAMESPACE, told)), moment);
  };

  /** Gives the end of the log, when everybody is there. */
  const settled = async (): Promise<bigint> => {
    const head = await omoi.app.get(EventStore).head();
    await eventually(
      () => Promise.resolve(omoi.app.get(Followers).states()),
      (states) => states.every(({ checkpoint }) => checkpoint >= head),
    );

    return head;
  };

  it('gives tables that hold what the fold says, in every field', async () => {
    let waiting: GoldenExecution[] = [];
    const flush = async (): Promise<void> => {
      for (let start = 0; start < waiting.length; start += BATCH) {
        await store(waiting.slice(start, start + BATCH));
      }
      waiting = [];
    };
    for (const [index, step] of steps.entries()) {
      const { event } = step;
      if (event.type === 'execution') {
        waiting.push(event);
        learn(step, index);
        continue;
      }
      await flush();
      const status = await decide(step);
      if (status < 300) learn(step, index);
      else refused.push(`${event.type} ${String(status)}`);
    }
    await flush();
    await settled();

    const found = new Map(rowsOf(await tables.state(), 0).map((row) => [row.key.join(), row]));
    const wanted = rowsOf(fold.state, 0);
    const wrong = wanted.filter((row) => differences(row, found.get(row.key.join())).length > 0);
    expect(wanted.length).toBeGreaterThan(100);
    expect(found.size).toBe(wanted.length);
    expect(wrong).toEqual([]);
    expect(wanted.filter(({ key }) => key[0] === 'faster').length).toBeGreaterThan(10);
    expect(refused.length).toBeLessThan(10);
    const { histograms } = fold.state;
    const kept = await omoi.app
      .get(Database)
      .within(NAMESPACE, (sql) => new HistogramsTable(sql, NAMESPACE).load([...histograms.keys()]));
    expect(kept).toEqual(histograms);
  });

  it('gives the same bytes after a wipe and a replay', async () => {
    const head = await settled();
    const before = await tables.dump();
    const told = await tables.notices();
    await tables.wipe();
    await eventually(
      () => tables.checkpoint(),
      (reached) => reached >= head,
    );

    expect(await tables.dump()).toEqual(before);
    expect(await tables.notices()).toBe(told);
  });
});
