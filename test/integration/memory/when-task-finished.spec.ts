import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/index.js';
import { task } from '../../../src/tasks/domain/task.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';

const FINISHED_AT = '2026-01-31T12:00:00.000Z';

describe('When a task is finished', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('its execution is remembered, even if its id was given to another one meanwhile', async () => {
    const post = (path: string, body: object): ReturnType<RunningApp['ask']> =>
      omoi.ask('post', `/api/v1${path}`, { body });
    await post('/tasks', { id: 'late', type: 'demo' });
    await post('/memory/store', {
      task_id: 'other',
      execution_summary: 'Was first',
      execution_id: 'run-1',
      success: true,
      task: { type: 'demo' },
    });
    // What a finish that looked just before that store appends just after it.
    const open = { status: 'open', phase: 'PHASE_BACKLOG', since: FINISHED_AT } as const;
    const registered = { type: 'demo', description: null, phase_id: 'PHASE_BACKLOG', metadata: {} };
    const execution = {
      execution_summary: 'Was second',
      error_patterns: null,
      execution_id: 'run-1',
      agent_id: null,
      phase_id: null,
      tags: [],
      tools: [],
      duration_ms: null,
      cost_usd: null,
      occurred_at: null,
      suggestion_id: null,
      auto_extract_patterns: true,
    };
    const events = task.decide(
      { do: 'finish', id: 'late', at: FINISHED_AT, outcome: 'failed', execution },
      { ...open, registered },
    );
    const caller = { namespace: 'default', requestId: 'r', actor: null, traceparent: null };
    await omoi.app.get(EventStore).append({
      caller: { ...caller, key: null },
      writes: [{ stream: 'task-late', expected: 1, events }],
      keys: [],
      result: {},
      causationId: null,
    });

    const { body } = await eventually(
      () => omoi.ask('get', '/api/v1/tasks/late/memories'),
      (answer) => answer.body.items.length > 0,
    );
    expect(body.items).toMatchObject([
      { execution_summary: 'Was second', success: false, execution_id: null },
    ]);
    expect((await omoi.ask('get', '/health/ready')).status).toBe(200);
  });
});
