import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/index.js';
import { AllTables } from '../integration/erase/all-tables.js';
import { Listener } from '../integration/relay/listener.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent } from './agent.js';

const NAMESPACES = '/admin/namespaces';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const RECEIVER = 'http://127.0.0.1:9/nobody';

describe('Namespaces', () => {
  let omoi: RunningApp;
  let admin: Agent;
  let tables: AllTables;

  beforeAll(async () => {
    omoi = await startApp();
    admin = new Agent(omoi, 'default');
    tables = new AllTables(omoi, omoi.app.get(Database));
  });
  afterAll(() => omoi.stop());

  const executions = (mark: string): object[] =>
    Array.from({ length: 12 }, (_, n) => ({
      task_id: `task-${String(n)}`,
      task: { type: 'fix_bug', description: `Mend the ${mark} number ${String(n)}` },
      execution_summary: `The ${mark} was mended the ${String(n)}th time`,
      success: n % 3 > 0,
      execution_id: `execution-${String(n)}`,
    }));

  /** Something of everything that a tenant can leave behind. */
  async function live(agent: Agent, mark: string): Promise<void> {
    const stored = await agent.post('/memory/store/batch', { executions: executions(mark) });
    expect(stored.status).toBe(207);
    await agent.post('/tasks', { id: 'finished', type: 'fix_bug', description: `${mark} to end` });
    await agent.post('/tasks/finished/complete', { execution_summary: `${mark} is ended` });
    await agent.post('/tasks', { id: 'wordless', type: 'fix_bug' });
    await agent.post(
      '/memory/store',
      {
        task_id: 'wordless',
        execution_summary: `${mark} again`,
        success: true,
      },
      { 'Idempotency-Key': 'the-first' },
    );
    const [revoked] = await agent.memories();
    await agent.post(`/memory/executions/${String(revoked.memory_id)}/revoke`, {
      reason: `${mark} was wrong`,
    });
    await agent.embedded();
    const { body: context } = await agent.get('/memory/tasks/wordless/context');
    await agent.post(`/memory/suggestions/${String(context.suggestion_id)}/outcome`, {
      success: true,
      comment: `${mark} helped`,
    });
    const extracted = await agent.post('/memory/patterns/extract', {
      task_type_pattern: 'fix_.*',
      min_samples: 2,
    });
    expect(extracted.status).toBe(201);
    await agent.post(`/memory/patterns/${String(extracted.body.pattern_id)}/feedback`, {
      helpful: true,
      comment: `${mark} is good`,
    });
    // Nobody is there, and each attempt would be seen: it hears of nothing that was before.
    await tables.settled();
    await agent.post('/admin/webhooks', { url: RECEIVER });
  }

  const listed = async (): Promise<Record<string, unknown>[]> =>
    (await admin.get(NAMESPACES)).body.items as Record<string, unknown>[];

  it('are there from their first write on, with what they hold, in pages', async () => {
    expect(await listed()).toEqual([]);
    for (const name of ['zoo', 'a.b', 'Middle']) {
      await new Agent(omoi, name).remember(`something of ${name}`);
    }
    await new Agent(omoi, 'zoo').remember('another thing');

    const all = await listed();
    expect(all).toHaveLength(3);
    expect(all).toContainEqual({
      namespace: 'zoo',
      since: expect.stringMatching(/^\d{4}-/),
      tasks: 2,
      memories: 2,
      events: 4,
    });
    const first = (await admin.get(`${NAMESPACES}?limit=2`)).body;
    const second = (await admin.get(`${NAMESPACES}?limit=2&cursor=${String(first.next_cursor)}`))
      .body;
    expect([...first.items, ...second.items]).toEqual(all);
    expect(second.next_cursor).toBeNull();
  });

  it('can be dropped, and nothing is left but facts; the neighbour stays as it is', async () => {
    const [gone, kept] = [new Agent(omoi, 'gone'), new Agent(omoi, 'kept')];
    await live(gone, 'goneword');
    await live(kept, 'keptword');
    const seen = async (agent: Agent): Promise<unknown[]> =>
      Promise.all(
        ['/tasks', '/memory/executions', '/memory/patterns', '/admin/webhooks'].map(
          async (path) => (await agent.get(path)).body.items as unknown[],
        ),
      );
    await tables.settled();
    const before = await seen(kept);
    for (const items of before) expect(items).not.toEqual([]);
    expect(await tables.everything()).toContain('goneword');

    expect((await admin.delete(`${NAMESPACES}/gone`)).status).toBe(204);

    expect(await seen(gone)).toEqual([[], [], [], []]);
    const search = { task_description: 'Mend the goneword', similarity_threshold: 0 };
    expect((await gone.post('/memory/search', search)).body.items).toEqual([]);
    expect(await seen(kept)).toEqual(before);
    expect((await listed()).map(({ namespace }) => namespace)).not.toContain('gone');
    const all = await eventually(
      () => tables.everything(),
      (text) => !text.includes('goneword'),
    );
    expect(all).toContain('keptword');
    const again = await admin.delete(`${NAMESPACES}/gone`);
    expect([again.status, again.body.code]).toEqual([404, 'namespace.unknown']);
  });

  it('can be used anew, with the ids that were used before', async () => {
    const anew = new Agent(omoi, 'gone');
    const { body } = await anew.post('/memory/store/batch', { executions: executions('newword') });

    expect(new Set(body.items.map(({ status }: { status: number }) => status))).toEqual(
      new Set([201]),
    );
    const repeated = await anew.post(
      '/memory/store',
      { task_id: 'task-1', execution_summary: 'newword', success: true },
      { 'Idempotency-Key': 'the-first' },
    );
    expect(repeated.status).toBe(201);
    // What was a task's first execution stays that, as after any erasing: other tasks give votes.
    for (const n of [1, 2, 3]) await anew.remember(`a new task ${String(n)}`);
    await eventually(
      async () => (await anew.get('/memory/patterns')).body.items as { definition: string[] }[],
      (patterns) => patterns.some(({ definition: [kind] }) => kind === 'type'),
    );
    expect((await listed()).find(({ namespace }) => namespace === 'gone')).toMatchObject({
      tasks: 15,
      memories: 16,
    });
  });

  it('tell the next owner of a name nothing of the last one', async () => {
    const owner = new Agent(omoi, 'handed-over');
    await owner.remember('before');
    await tables.settled();
    await admin.delete(`${NAMESPACES}/handed-over`);
    const id = await owner.remember('after');
    const stream = await Listener.open(`${omoi.url}/api/v1`, 'handed-over', { lastId: NOBODY });
    const [first] = await stream.hears(1);
    await stream.leave();

    expect(first?.data.subject).toBe(id);
  });

  it('that hold nothing are not there', async () => {
    const { status, body } = await admin.delete(`${NAMESPACES}/nobody-was-here`);
    expect([status, body.code]).toEqual([404, 'namespace.unknown']);
    expect((await admin.delete(`${NAMESPACES}/$service`)).status).toBe(422);
  });

  it('read the same when the log is read anew', async () => {
    await tables.settled();
    const before = await tables.bytes();
    await tables.readAgain();

    expect(await tables.bytes()).toEqual(before);
  });
});
