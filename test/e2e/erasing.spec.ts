import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { Erasures, EventStore } from '../../src/event-store/index.js';
import { newId, ownCaller } from '../../src/kernel/index.js';
import { EraseSubject, type SubjectWasErased } from '../../src/memory/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent } from './agent.js';
import { Analyst, times } from './analyst.js';

const BY_BOB = { 'X-Actor': 'bob' };

describe('What is erased', () => {
  let omoi: RunningApp;
  let agent: Agent;
  let namespace: string;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());
  beforeEach(() => {
    namespace = newId();
    agent = new Agent(omoi, namespace);
  });

  const eraseSubject = (subject: string): Promise<SubjectWasErased> =>
    omoi.app.get(CommandBus).execute(new EraseSubject(ownCaller(namespace), subject));

  it('as a memory is unknown from then on, and in nothing that is found or advised', async () => {
    const gone = await agent.remember('Rotated the keys of the payment gateway');
    const kept = await agent.remember('Rotated the keys of the mail gateway');
    await agent.embedded();
    await agent.post('/tasks', {
      id: 'next',
      type: 'implement_api',
      description: 'Rotate the keys of a gateway',
    });

    const { status, text } = await agent.delete(`/memory/executions/${gone}`);
    expect([status, text]).toEqual([204, '']);
    for (const again of [
      await agent.get(`/memory/executions/${gone}`),
      await agent.delete(`/memory/executions/${gone}`),
      await agent.post(`/memory/executions/${gone}/revoke`, { reason: 'too late' }),
    ]) {
      expect([again.status, again.body.code]).toEqual([404, 'memory.unknown']);
    }
    const ids = (items: { memory_id: string }[]): string[] => items.map((one) => one.memory_id);
    expect(ids(await agent.memories())).toEqual([kept]);
    expect(ids((await agent.search('rotate gateway keys')).items)).toEqual([kept]);
    const { body } = await agent.get('/memory/tasks/next/context?similarity_threshold=0');
    expect(ids(body.similar_tasks)).toEqual([kept]);
    expect(body.recommendations[0]).toContain('1 of 1 similar task succeeded');
  });

  it('as a revoked memory goes too', async () => {
    const gone = await agent.remember('Did it wrong');
    await agent.post(`/memory/executions/${gone}/revoke`, { reason: 'It was wrong' });

    expect((await agent.delete(`/memory/executions/${gone}`)).status).toBe(204);
    expect((await agent.get(`/memory/executions/${gone}`)).status).toBe(404);
  });

  it.each(['not-an-id', newId()])('was never there: %s', async (id) => {
    const answer = await agent.delete(`/memory/executions/${id}`);

    expect([answer.status, answer.body.code]).toEqual([404, 'memory.unknown']);
  });

  it('is evidence no more, and what rested on it is worked out anew', async () => {
    const analyst = new Analyst(agent);
    const error = 'Timeout while the warehouse was counted';
    const failed = await analyst.work(times(4, false), { error, tools: ['scanner'] });
    await analyst.work(times(4, true), { tools: ['scanner'] });
    const signature = (await analyst.patterns()).find(
      ({ definition }) => definition[0] === 'type_signature',
    );
    expect(signature).toMatchObject({ status: 'active', evidence: { failures: 4 } });

    await agent.delete(`/memory/executions/${String(failed[0])}`);
    expect(await analyst.pattern(signature.pattern_id)).toMatchObject({
      evidence: { failures: 3, distinct_tasks: 3 },
    });
    const tool = await analyst.of('type_tool', 'implement_api', 'scanner');
    expect(tool.evidence).toMatchObject({ successes: 4, failures: 3 });
    const { items } = await analyst.evidence(tool.pattern_id);
    expect(items.map(({ memory_id }: { memory_id: string }) => memory_id)).not.toContain(failed[0]);

    for (const id of failed.slice(1)) await agent.delete(`/memory/executions/${id}`);
    expect((await agent.get(`/memory/patterns/${signature.pattern_id}`)).status).toBe(404);
    const left = JSON.stringify(await analyst.patterns());
    expect(left).not.toContain('warehouse');
  });

  it('is not brought back by being sent again under the same id or key', async () => {
    const execution = {
      task_id: 'once',
      task: { type: 'demo' },
      execution_summary: 'Said once',
      success: true,
      execution_id: 'run-1',
    };
    const key = { 'Idempotency-Key': 'k-1' };
    const { body } = await agent.post('/memory/store', execution, key);
    await agent.delete(`/memory/executions/${body.memory_id}`);

    for (const headers of [{}, key]) {
      const again = await agent.post('/memory/store', execution, headers);
      expect([again.status, again.body.code]).toEqual([409, 'memory.erased']);
    }
    const other = await agent.post('/memory/store', { ...execution, execution_id: 'run-2' });
    expect(other.status).toBe(201);
  });

  it('is said to be so when a batch is sent again', async () => {
    const executions = ['first', 'second'].map((execution_summary) => ({
      task_id: execution_summary,
      task: { type: 'demo' },
      execution_summary,
      execution_id: execution_summary,
      success: true,
    }));
    const key = { 'Idempotency-Key': 'b-1' };
    const { body } = await agent.post('/memory/store/batch', { executions }, key);
    const [first, second] = body.items.map(({ memory_id }: { memory_id: string }) => memory_id);
    await agent.delete(`/memory/executions/${first}`);

    for (const headers of [key, {}]) {
      const again = await agent.post('/memory/store/batch', { executions }, headers);
      expect(again.status).toBe(207);
      expect(again.body.items).toMatchObject([
        { status: 409, problem: { code: 'memory.erased' } },
        { memory_id: second },
      ]);
    }
  });

  it('as a task goes with its memories, and its id is free', async () => {
    const task = { id: 'task-1', type: 'demo', description: 'Count the stock of the warehouse' };
    await agent.post('/tasks', task);
    const one = await agent.remember('Counted it', { task_id: 'task-1', task: null });
    await agent.post('/tasks/task-1/complete', { execution_summary: 'Counted all of it' });
    const [finished] = await agent.memories('?task_id=task-1');

    expect((await agent.delete('/tasks/task-1')).status).toBe(204);
    for (const path of [
      '/tasks/task-1',
      '/tasks/task-1/memories',
      '/memory/tasks/task-1/context',
      `/memory/executions/${one}`,
      `/memory/executions/${finished.memory_id}`,
    ]) {
      expect([path, (await agent.get(path)).status]).toEqual([path, 404]);
    }
    expect((await agent.delete('/tasks/task-1')).body.code).toBe('task.unknown');
    expect((await agent.post('/tasks/task-1/complete', { execution_summary: 'x' })).status).toBe(
      404,
    );
    const unknown = { task_id: 'task-1', execution_summary: 'Late', success: true };
    expect((await agent.post('/memory/store', unknown)).body.code).toBe('task.unknown');
    expect((await agent.get('/tasks')).body.items).toEqual([]);

    const anew = await agent.post('/tasks', { id: 'task-1', type: 'other' });
    expect([anew.status, anew.body]).toMatchObject([
      201,
      { type: 'other', description: null, status: 'open', finished_at: null },
    ]);
    const again = await agent.remember('Another one', { task_id: 'task-1', task: null });
    expect(await agent.memory(again)).toMatchObject({ task_type: 'other', description: null });
    expect(await agent.memories()).toHaveLength(1);
    expect((await agent.delete('/tasks/task-1')).status).toBe(204);
    expect(await agent.memories()).toEqual([]);
  });

  it('as a task can come back with the store of an execution, and in a batch', async () => {
    const execution = (n: number): object => ({
      task_id: 'back',
      task: { type: `type-${String(n)}` },
      execution_summary: `Number ${String(n)}`,
      success: true,
    });
    await agent.post('/memory/store', execution(1));
    await agent.delete('/tasks/back');
    expect((await agent.post('/memory/store', execution(2))).status).toBe(201);
    await agent.delete('/tasks/back');
    const executions = [execution(3), execution(4)];
    const { body } = await agent.post('/memory/store/batch', { executions });

    expect(body.items).toMatchObject([{ status: 201 }, { status: 201 }]);
    expect((await agent.get('/tasks/back')).body).toMatchObject({ type: 'type-3' });
    expect(await agent.memories()).toHaveLength(2);
  });

  it('as a task is not answered by the key that registered it', async () => {
    const key = { 'Idempotency-Key': 'k-2' };
    const { body } = await agent.post('/tasks', { type: 'demo' }, key);
    await agent.delete(`/tasks/${body.id}`);
    const again = await agent.post('/tasks', { type: 'demo' }, key);

    expect([again.status, again.body.code]).toEqual([409, 'task.deleted']);
  });

  it('of a person is all that they wrote, and nothing of others', async () => {
    const bob = new Agent(omoi, namespace, BY_BOB);
    await bob.post('/tasks', { id: 'his', type: 'demo', description: 'In his words' });
    await bob.post('/tasks', { id: 'bare', type: 'demo' });
    const about = await agent.remember('Of his task', { task_id: 'his', task: null });
    const mine = await agent.remember('Of the bare one', { task_id: 'bare', task: null });
    const stored = await bob.remember('Stored by him', { task_id: 'bare', task: null });
    await agent.post('/tasks', { id: 'open', type: 'demo', description: 'In my words' });
    await bob.post('/tasks/open/complete', { execution_summary: 'Done by him' });
    const [finished] = await agent.memories('?task_id=open');
    await bob.post(`/memory/executions/${mine}/revoke`, { reason: 'He did not like it' });

    expect(await eraseSubject('bob')).toEqual({ memories: 3, tasks: 1, texts: 1 });
    for (const id of [about, stored, finished.memory_id]) {
      expect((await agent.get(`/memory/executions/${id}`)).status).toBe(404);
    }
    expect((await agent.get('/tasks/his')).status).toBe(404);
    expect((await agent.get('/tasks/bare')).body).toMatchObject({ status: 'open' });
    expect((await agent.get('/tasks/open')).body).toMatchObject({
      status: 'completed',
      description: 'In my words',
    });
    expect(await agent.memory(mine)).toMatchObject({
      execution_summary: 'Of the bare one',
      status: 'revoked',
      revoke_reason: null,
    });
    expect(await eraseSubject('bob')).toEqual({ memories: 0, tasks: 0, texts: 0 });
    expect(await eraseSubject('nobody')).toEqual({ memories: 0, tasks: 0, texts: 0 });
  });

  it('that takes too long is answered as one that goes on', async () => {
    const later = (await omoi.app.get(EventStore).head()) + 1n;

    await expect(omoi.app.get(Erasures).done(later, [], 50)).rejects.toMatchObject({
      code: 'erasure.under_way',
      kind: 'unavailable',
    });
  });

  it('belongs to one tenant alone', async () => {
    const id = await agent.remember('Mine');
    const stranger = new Agent(omoi, newId());

    expect((await stranger.delete(`/memory/executions/${id}`)).status).toBe(404);
    expect((await stranger.delete('/tasks/Mine')).status).toBe(404);
    expect((await agent.memory(id)).execution_summary).toBe('Mine');
  });
});
