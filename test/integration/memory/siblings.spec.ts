import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type INestApplication } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Followers } from '../../../src/event-store/index.js';
import { ContextSuggested, MemoryStored } from '../../../src/memory/index.js';
import { eventually } from '../../support/app.js';
import { startHouseWith, type House } from '../../support/house.js';

@EventsHandler(MemoryStored)
class Listener implements IEventHandler<MemoryStored> {
  readonly heard: MemoryStored[] = [];

  handle(event: MemoryStored): void {
    this.heard.push(event);
  }
}

/** A sibling with a fault, which is no reason for anybody else to stop. */
@EventsHandler(MemoryStored)
class FaultyListener implements IEventHandler<MemoryStored> {
  times = 0;

  handle(): Promise<void> {
    this.times += 1;
    return Promise.reject(new Error('A sibling is at fault.'));
  }
}

@EventsHandler(ContextSuggested)
class AdviceListener implements IEventHandler<ContextSuggested> {
  readonly heard: ContextSuggested[] = [];

  handle(event: ContextSuggested): void {
    this.heard.push(event);
  }
}

@Module({ providers: [Listener, FaultyListener, AdviceListener] })
class SiblingModule {}

describe('A sibling module', () => {
  let house: House;
  let app: INestApplication;

  beforeAll(async () => {
    house = await startHouseWith(SiblingModule);
    app = house.app;
  });
  afterAll(() => house.stop());

  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${await app.getUrl()}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-namespace': 'ann' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await answer.json()) as Answer;
  };
  const store = async (n: number): Promise<string> => {
    const { memory_id } = await ask('POST', '/memory/store', {
      task_id: `t-${String(n)}`,
      task: { type: 'demo' },
      execution_summary: `Mended number ${String(n)}`,
      success: n % 2 === 0,
    });
    return memory_id;
  };

  it('hears of every memory once it is there, and of each once', async () => {
    const { heard } = app.get(Listener, { strict: false });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await store(n));
    await eventually(
      () => Promise.resolve(heard.length),
      (count) => count >= 5,
    );

    expect(heard).toMatchObject(
      ids.map((memory_id, n) => ({
        type: 'memory.stored',
        namespace: 'ann',
        data: {
          memory_id,
          task_id: `t-${String(n)}`,
          success: n % 2 === 0,
          has_embedding: false,
        },
      })),
    );
    expect(heard[0]).toBeInstanceOf(MemoryStored);
    expect(heard[0]?.cloudEvent).toMatchObject({
      specversion: '1.0',
      id: heard[0]?.id,
      type: 'memory.stored',
      subject: ids[0],
      namespace: 'ann',
    });
    expect(new Set(heard.map(({ id }) => id)).size).toBe(ids.length);
  });

  it('hears of memories of finished tasks too', async () => {
    const { heard } = app.get(Listener, { strict: false });
    await ask('POST', '/tasks', { id: 'finished', type: 'demo' });
    await ask('POST', '/tasks/finished/fail', { execution_summary: 'It did not work' });
    const told = await eventually(
      () => Promise.resolve(heard.find(({ data }) => data.task_id === 'finished')),
      (event) => event !== undefined,
    );

    expect(told?.data.success).toBe(false);
    const { task_id } = await ask('GET', `/memory/executions/${String(told?.data.memory_id)}`);
    expect(task_id).toBe('finished');
  });

  it('hears that somebody was advised, and of no advice that was not recorded', async () => {
    const { heard } = app.get(AdviceListener, { strict: false });
    const unrecorded = await ask('GET', '/memory/tasks/t-1/context?record=false');
    const { suggestion_id } = await ask('GET', '/memory/tasks/t-1/context');
    await eventually(
      () => Promise.resolve(heard.length),
      (count) => count > 0,
    );

    expect(
      heard.map(({ namespace, data }) => [namespace, data.suggestion_id, data.task_id]),
    ).toEqual([['ann', suggestion_id, 't-1']]);
    expect(unrecorded.matching_patterns).not.toEqual([]);
    expect(heard[0]?.data.pattern_count).toBe(unrecorded.matching_patterns.length);
  });

  it('may be at fault without harm to the others', async () => {
    const faulty = app.get(FaultyListener, { strict: false });
    const { heard } = app.get(Listener, { strict: false });
    const before = faulty.times;
    const id = await store(100);
    await eventually(
      () => Promise.resolve(heard.at(-1)?.data.memory_id),
      (last) => last === id,
    );

    expect(faulty.times).toBeGreaterThan(before);
    const states = app.get(Followers).states();
    expect(states.find(({ name }) => name === 'notifications')).toMatchObject({
      error: null,
    });
  });
});

type Answer = Record<'memory_id' | 'task_id' | 'suggestion_id', string> & {
  readonly matching_patterns: readonly unknown[];
};
