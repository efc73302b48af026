import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Database } from '../../../src/database/index.js';
import { MemoryFacade } from '../../../src/memory/index.js';
import {
  PatternConfidenceChanged,
  PatternDemoted,
  PatternLearned,
  PatternMatched,
  PatternsFacade,
  PatternsModule,
  type TaskPattern,
} from '../../../src/patterns/index.js';
import { eventually } from '../../support/app.js';
import { startHouseWith, type House } from '../../support/house.js';

type Conclusion = PatternLearned | PatternDemoted | PatternConfidenceChanged;

@EventsHandler(PatternLearned, PatternDemoted, PatternConfidenceChanged)
class ConclusionsHeard implements IEventHandler<Conclusion> {
  readonly heard: Conclusion[] = [];

  handle(event: Conclusion): void {
    this.heard.push(event);
  }
}

@EventsHandler(PatternMatched)
class MatchesHeard implements IEventHandler<PatternMatched> {
  readonly heard: PatternMatched[] = [];

  handle(event: PatternMatched): void {
    this.heard.push(event);
  }
}

@Module({ imports: [PatternsModule], providers: [ConclusionsHeard, MatchesHeard] })
class ListeningModule {}

let house: House;
let memory: MemoryFacade;
let patterns: PatternsFacade;
const conclusions = (): Conclusion[] => house.app.get(ConclusionsHeard, { strict: false }).heard;
const matches = (): PatternMatched[] => house.app.get(MatchesHeard, { strict: false }).heard;

beforeAll(async () => {
  house = await startHouseWith(ListeningModule);
  memory = house.app.get(MemoryFacade, { strict: false });
  patterns = house.app.get(PatternsFacade, { strict: false });
});
afterAll(() => house.stop());

let tasks = 0;
async function work(
  namespace: string,
  outcomes: readonly boolean[],
  agentId: string,
  type = 'implement_api',
): Promise<void> {
  for (const success of outcomes) {
    tasks += 1;
    await memory.storeExecution({
      namespace,
      taskId: `task-${String(tasks)}`,
      task: { type },
      executionSummary: 'Something was done',
      success,
      agentId,
    });
  }
}
const times = (count: number, success: boolean): boolean[] => Array<boolean>(count).fill(success);

describe('A sibling of patterns', () => {
  it('hears in their order what is learned and what is lost again, and of each once', async () => {
    await work('heard', [...times(25, true), ...times(25, false)], 'others');
    await work('heard', times(20, true), 'ann');
    await work('heard', times(8, false), 'ann');
    const ofNamespace = (): Conclusion[] =>
      conclusions().filter(({ namespace }) => namespace === 'heard');
    const firstLearned = (events: readonly Conclusion[]): Conclusion | undefined =>
      events.find(({ type }) => type === 'memory.pattern.learned');
    const lostAgain = (events: readonly Conclusion[]): Conclusion | undefined =>
      events.find(
        ({ type, data }) =>
          type === 'memory.pattern.demoted' &&
          data.pattern_id === firstLearned(events)?.data.pattern_id,
      );
    const told = await eventually(
      () => Promise.resolve(ofNamespace()),
      (events) => lostAgain(events) !== undefined,
    );
    const [learned, lost] = [firstLearned(told), lostAgain(told)];

    expect(learned?.data).toMatchObject({ pattern_type: 'success' });
    expect(learned?.data.confidence).toBeGreaterThan(0.5);
    expect(learned?.data.sample_count).toBeGreaterThan(3);
    const types = told.filter((event) => event === learned || event === lost);
    expect(types.map(({ type }) => type)).toEqual([
      'memory.pattern.learned',
      'memory.pattern.demoted',
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    const database = house.app.get(Database, { strict: false });
    // It is noted after it was told.
    await eventually(
      () =>
        database.as('omoi_projector', (sql) =>
          sql.query(
            `select notice.id from es.notification as notice
              where notice.number > (select relay.number from es.relay as relay)`,
          ),
        ),
      (untold) => untold.length === 0,
    );
  });

  it('hears which patterns a recorded context served, and of no other context', async () => {
    await work('matched', times(4, true), 'ann');
    const unrecorded = await memory.getContext(`task-${String(tasks)}`, {
      namespace: 'matched',
      record: false,
    });
    const context = await memory.getContext(`task-${String(tasks)}`, { namespace: 'matched' });
    const served = context.matchingPatterns.map(({ patternId }) => patternId);
    const told = await eventually(
      () => Promise.resolve(matches().filter(({ namespace }) => namespace === 'matched')),
      (events) => events.length >= served.length,
    );

    expect(served.length).toBeGreaterThan(0);
    expect(unrecorded.suggestionId).toBeNull();
    expect(told.map(({ data }) => data.pattern_id).sort()).toEqual([...served].sort());
    expect(new Set(told.map(({ data }) => data.suggestion_id))).toEqual(
      new Set([context.suggestionId]),
    );
  });

  it('hears of a faster tool as of anything learned, and finds it', async () => {
    const namespace = 'faster';
    for (let n = 0; n < 60; n += 1) {
      const [tool, durationMs] = n < 36 ? ['grep', 40_000 + 1_000 * n] : ['ripgrep', 9_000];
      const task = { taskId: `faster-${String(n)}`, task: { type: 'implement_api' } };
      const ran = { executionSummary: 'Looked for it', success: true, tools: [tool], durationMs };
      await memory.storeExecution({ namespace, ...task, ...ran });
    }
    const asked = { namespace, patternType: 'optimization', limit: 50 } as const;
    const found = await patterns.searchPatterns(asked);
    const proven = found.filter(({ status }) => status === 'active');
    const told = await eventually(
      () => Promise.resolve(conclusions().filter((event) => event.namespace === namespace)),
      (events) => events.some(({ type }) => type === 'memory.pattern.learned'),
    );
    const learned = told.filter(({ type }) => type === 'memory.pattern.learned');

    expect(found.every(({ patternType }) => patternType === 'optimization')).toBe(true);
    expect(proven).toHaveLength(1);
    expect(learned.map(({ data }) => data.pattern_id)).toEqual([proven[0]?.patternId]);
    expect(learned[0]?.data).toMatchObject({ pattern_type: 'optimization' });
  });

  it('is told of an extraction as of something learned', async () => {
    await work('asked', times(3, true), 'ann', 'write_docs');
    const answer = await fetch(`${await house.app.getUrl()}/api/v1/memory/patterns/extract`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-namespace': 'asked' },
      body: JSON.stringify({ task_type_pattern: '^write_' }),
    });
    const { pattern_id } = (await answer.json()) as { pattern_id: string };
    const told = await eventually(
      () => Promise.resolve(conclusions().find(({ data }) => data.pattern_id === pattern_id)),
      (event) => event !== undefined,
    );

    expect(told).toBeInstanceOf(PatternLearned);
    expect(told?.data.sample_count).toBe(3);
  });
});

describe('The facade of patterns', () => {
  const namespace = 'facade';
  const ids = (found: readonly TaskPattern[]): string[] => found.map(({ patternId }) => patternId);

  beforeAll(async () => {
    await work(namespace, times(6, true), 'ann');
    await work(namespace, times(6, false), 'bob', 'fix_bug');
    for (const task_type_pattern of ['implement_.*', '^fix_bug .*login']) {
      await fetch(`${await house.app.getUrl()}/api/v1/memory/patterns/extract`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-namespace': namespace },
        body: JSON.stringify({ task_type_pattern, min_samples: 2 }),
      });
    }
  });

  it('finds the patterns of a type and no others, as TaskPattern', async () => {
    const found = await patterns.searchPatterns({
      taskType: 'implement_api',
      patternType: 'success',
      namespace,
    });

    expect(found.length).toBeGreaterThan(2);
    for (const pattern of found) {
      expect(Object.keys(pattern).sort()).toEqual([
        'confidenceScore',
        'failureIndicators',
        'patternId',
        'patternType',
        'recommendedContext',
        'status',
        'successIndicators',
        'taskTypePattern',
        'usageCount',
      ]);
      expect(pattern.patternType).toBe('success');
      expect('implement_api').toMatch(new RegExp(pattern.taskTypePattern));
    }
    expect(found.some(({ taskTypePattern }) => taskTypePattern === '^fix_bug$')).toBe(false);
    const confidences = found.map(({ confidenceScore }) => confidenceScore);
    expect(confidences.every((score) => score > 0 && score <= 1)).toBe(true);
    expect(
      await patterns.searchPatterns({ taskType: 'implement_api', limit: 2, namespace }),
    ).toHaveLength(2);
  });

  it('understands the very regex of a pattern too', async () => {
    const found = await patterns.searchPatterns({ taskType: 'implement_.*', namespace });
    const own = found.filter(({ taskTypePattern }) => taskTypePattern === 'implement_.*');

    expect(own).toHaveLength(1);
  });

  it('finds exactly what matches a description and is sure enough', async () => {
    const all = await patterns.searchPatterns({ limit: 50, namespace });
    const matching = all.filter(({ taskTypePattern }) =>
      new RegExp(taskTypePattern).test('implement_api'),
    );
    const sure = await patterns.findMatchingPatterns('implement_api', 0.8, namespace);

    expect(ids(await patterns.findMatchingPatterns('implement_api', 0, namespace))).toEqual(
      ids(matching),
    );
    expect(ids(sure)).toEqual(
      ids(matching.filter(({ confidenceScore }) => confidenceScore >= 0.8)),
    );
    expect(ids(await patterns.findMatchingPatterns('implement_api', undefined, namespace))).toEqual(
      ids(matching.filter(({ confidenceScore }) => confidenceScore >= 0.5)),
    );
  });

  it('only reads, and only its tenant', async () => {
    const before = await patterns.searchPatterns({ limit: 50, namespace });
    expect(await patterns.searchPatterns({ limit: 50, namespace })).toEqual(before);
    expect(before.every(({ usageCount }) => usageCount === 0)).toBe(true);
    expect(await patterns.searchPatterns({ limit: 50, namespace: 'facad' })).toEqual([]);
    await expect(patterns.searchPatterns({ namespace: '$service' })).rejects.toMatchObject({
      code: 'request.bad_namespace',
    });
  });

  it('predicts, and refuses what its route refuses', async () => {
    const { probability, interval, basis } = await patterns.predict({
      taskType: 'implement_api',
      agentId: 'ann',
      namespace,
    });

    expect(probability).toBeGreaterThan(0.8);
    expect(interval.low).toBeLessThan(probability);
    expect(basis[0]).toBe('6 of 6 executions of implement_api by agent ann succeeded.');
    await expect(patterns.predict({ taskType: ' ' })).rejects.toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'task_type' }],
    });
  });
});

describe('The facade of memory', () => {
  const namespace = 'memory-facade';

  it('stores, finds and advises as the routes do', async () => {
    const { memoryId } = await memory.storeExecution({
      namespace,
      taskId: 'login',
      task: { type: 'implement_api', description: 'Add user login' },
      executionSummary: 'Implemented login with OAuth2',
      success: true,
      tools: ['editor'],
    });
    await memory.storeExecution({
      namespace,
      taskId: 'next',
      task: { type: 'implement_api', description: 'Add user login with OAuth2 for partners' },
      executionSummary: 'Not yet',
      success: false,
    });
    const found = await eventually(
      () => memory.searchSimilar({ namespace, taskDescription: 'user login', successOnly: true }),
      (hits) => hits.length > 0,
    );
    const context = await eventually(
      () => memory.getContext('next', { namespace, record: false }),
      ({ similarTasks }) => similarTasks.length > 0,
    );

    expect(found[0]).toMatchObject({ taskId: 'login', memoryId, success: true });
    expect(context.similarTasks[0]).toMatchObject({ taskId: 'login', memoryId });
    expect(context.recommendations[0]).toBe('1 of 1 similar task succeeded.');
  });

  it('refuses what the routes refuse, by name', async () => {
    const blank = { namespace, taskId: 'login', executionSummary: ' ', success: true };
    await expect(memory.storeExecution(blank)).rejects.toMatchObject({
      code: 'memory.empty_summary',
    });
    await expect(
      memory.searchSimilar({ namespace, taskDescription: 'x', topK: 21 }),
    ).rejects.toMatchObject({ fields: [{ field: 'top_k' }] });
    await expect(memory.getContext('nobody', { namespace })).rejects.toMatchObject({
      code: 'task.unknown',
    });
  });
});
