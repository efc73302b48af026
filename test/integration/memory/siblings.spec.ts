import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../../src/app.module.js';
import { Settings } from '../../../src/config/index.js';
import { Followers } from '../../../src/event-store/index.js';
import { configureApp } from '../../../src/http/index.js';
import { ContextSuggested, MemoryStored } from '../../../src/memory/index.js';
import { eventually } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';

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
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await freshDatabase();
    const quiet = { PORT: '0', LOG_LEVEL: 'silent', EMBEDDING_WORKERS: '1' };
    const settings = new Settings({ ...quiet, ...database.env });
    @Module({ imports: [AppModule.with(settings), SiblingModule] })
    class House {}
    const options: object = { bodyParser: false, logger: false };
    const express = await NestFactory.create<NestExpressApplication>(House, options);
    configureApp(express);
    app = express;
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

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

    expect(heard).toEqual(
      ids.map(
        (memory_id, n) =>
          new MemoryStored('ann', {
            memory_id,
            task_id: `t-${String(n)}`,
            success: n % 2 === 0,
            has_embedding: false,
          }),
      ),
    );
    expect(heard[0]?.type).toBe('memory.stored');
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
    await ask('GET', '/memory/tasks/t-1/context?record=false');
    const { suggestion_id } = await ask('GET', '/memory/tasks/t-1/context');
    await eventually(
      () => Promise.resolve(heard.length),
      (count) => count > 0,
    );

    expect(
      heard.map(({ namespace, data }) => [namespace, data.suggestion_id, data.task_id]),
    ).toEqual([['ann', suggestion_id, 't-1']]);
    expect(heard[0]?.data.pattern_count).toBe(0);
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
    expect(states.find(({ name }) => name === 'tell-siblings-of-memory')).toMatchObject({
      error: null,
    });
  });
});

type Answer = Record<'memory_id' | 'task_id' | 'suggestion_id', string>;
