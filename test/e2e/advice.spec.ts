import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const DESCRIPTION = 'Add user login with OAuth2 to the public API';
const SUCCESSES = [
  'Added user login with OAuth2 to the API and tested it',
  'Implemented OAuth2 user login for the public API',
  'Built the OAuth2 login of the customer API',
];
const FAILURES = ['Could not add OAuth2 user login to the API: the redirect was refused'];

/** Three successes and a failure of like tasks, one memory of something else, and the new task. */
async function experienced(namespace: string): Promise<{ agent: Agent; ids: string[] }> {
  const agent = agentIn(namespace);
  const ids: string[] = [];
  for (const summary of SUCCESSES) ids.push(await agent.remember(summary, { tools: ['editor'] }));
  for (const summary of FAILURES) {
    const error_patterns = { error_type: 'RedirectMismatch' };
    await agent.remember(summary, { success: false, error_patterns });
  }
  await agent.remember('Repotted the ferns in the hallway');
  await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
  await agent.embedded();

  return { agent, ids };
}

const contextOf = async (agent: Agent, id: string, query = ''): Promise<Body> =>
  (await agent.get(`/memory/tasks/${id}/context${query}`)).body;
const idsOf = (context: Body): string[] =>
  context.similar_tasks.map((task: Body) => task.memory_id);

describe('A new task', () => {
  it('gets advice from past successes, with the numbers behind it', async () => {
    const { agent, ids } = await experienced('story');
    const context = await contextOf(agent, 'new');
    const similarities = context.similar_tasks.map((task: Body) => task.similarity as number);

    expect(idsOf(context).sort()).toEqual(ids.sort());
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(context.similar_tasks.map((task: Body) => task.summary).sort()).toEqual(
      SUCCESSES.sort(),
    );
    expect(context.recommendations.length).toBeGreaterThanOrEqual(1);
    expect(context.recommendations.length).toBeLessThanOrEqual(3);
    expect(context.recommendations[0]).toContain('3 of 4 similar tasks succeeded');
    expect(context).toMatchObject({ abstained: false, reason: null });
    expect(context.matching_patterns.length).toBeGreaterThan(0);
    expect(context.warnings).toEqual([]);
    expect(context.suggestion_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets the one success that has every word of it, however far it is by meaning', async () => {
    const agent = agentIn('words');
    const id = await agent.remember(
      'Deployed the worker; the queue answered ERR_CONN_4711 until the pool was drained',
    );
    await agent.post('/tasks', { id: 'new', type: 'look_into', description: 'ERR_CONN_4711' });
    await agent.embedded();
    const context = await contextOf(agent, 'new');
    const strict = await contextOf(agent, 'new', '?similarity_threshold=0.5');

    expect(idsOf(context)).toEqual([id]);
    expect(context.similar_tasks[0].similarity).toBeLessThan(0.5);
    expect(context).toMatchObject({ abstained: false, recommendations: [] });
    expect(idsOf(strict)).toEqual([]);
  });

  it('gets no more than top_k, and by default three', async () => {
    const { agent } = await experienced('top-k');
    await agent.remember('Set up user login with OAuth2 for the API');
    await agent.embedded();

    expect(idsOf(await contextOf(agent, 'new'))).toHaveLength(3);
    expect(idsOf(await contextOf(agent, 'new', '?top_k=1'))).toHaveLength(1);
    expect(idsOf(await contextOf(agent, 'new', '?top_k=10'))).toHaveLength(4);
  });

  it('gets only what is as near as it asks', async () => {
    const { agent } = await experienced('threshold');
    const all = await contextOf(agent, 'new', '?similarity_threshold=0&top_k=10');
    const none = await contextOf(agent, 'new', '?similarity_threshold=1');

    expect(idsOf(all)).toHaveLength(4);
    expect(all.recommendations[0]).toContain('4 of 5 similar tasks succeeded');
    expect(none.similar_tasks).toEqual([]);
    expect(none.recommendations.join()).not.toContain('similar task');
  });

  it('is never advised by itself', async () => {
    const { agent, ids } = await experienced('itself');
    const own = await agent.remember(DESCRIPTION, { task_id: 'new' });
    await agent.embedded();
    const context = await contextOf(agent, 'new', '?top_k=10');

    expect(idsOf(context)).not.toContain(own);
    expect(idsOf(context).sort()).toEqual(ids.sort());
    expect(context.recommendations[0]).toContain('3 of 4');
  });

  it('is never advised by what was taken back', async () => {
    const { agent, ids } = await experienced('revoked');
    const [first = ''] = ids;
    await agent.post(`/memory/executions/${first}/revoke`, { reason: 'It was reported wrongly.' });
    const context = await contextOf(agent, 'new', '?top_k=10');

    expect(idsOf(context).sort()).toEqual(ids.slice(1).sort());
    expect(context.recommendations[0]).toContain('2 of 3');
  });

  it('hears nothing from other tenants', async () => {
    await experienced('neighbour');
    const agent = agentIn('stranger');
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });

    expect(await contextOf(agent, 'new')).toMatchObject({ similar_tasks: [], abstained: true });
    expect((await agent.get('/memory/tasks/other/context')).status).toBe(404);
  });

  it('hears of the success of a task that failed before, and both executions count', async () => {
    const agent = agentIn('second-try');
    const task = { task_id: 'earlier', task: { type: 'implement_api' } };
    await agent.remember(DESCRIPTION, { ...task, success: false });
    const success = await agent.remember(SUCCESSES[1] ?? '', task);
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    await agent.embedded();
    const context = await contextOf(agent, 'new');

    expect(idsOf(context)).toEqual([success]);
    expect(context.recommendations[0]).toContain('1 of 2');
  });

  it('counts at most twenty executions', async () => {
    const agent = agentIn('twenty');
    for (let at = 0; at < 24; at += 1) {
      await agent.remember(DESCRIPTION, { task_id: `task-${String(at)}` });
    }
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    await agent.embedded();

    expect((await contextOf(agent, 'new')).recommendations[0]).toContain('20 of 20');
  });

  it('without a description is known by its type', async () => {
    const agent = agentIn('type-alone');
    const id = await agent.remember('Migrated the database schema');
    await agent.post('/tasks', { id: 'new', type: 'migrate_database_schema' });
    await agent.embedded();

    expect(idsOf(await contextOf(agent, 'new'))).toEqual([id]);
  });
});

describe('Advice', () => {
  it('is withheld with a reason when nothing is remembered, and that is recorded too', async () => {
    const agent = agentIn('empty');
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    const context = await contextOf(agent, 'new');

    expect(context).toMatchObject({ similar_tasks: [], recommendations: [], abstained: true });
    expect(context.reason).toMatch(/\S/);
    expect(context.suggestion_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is withheld with a reason when nothing is near enough', async () => {
    const agent = agentIn('far');
    await agent.remember('Repotted the ferns in the hallway');
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    await agent.embedded();
    const context = await contextOf(agent, 'new');

    expect(context).toMatchObject({ similar_tasks: [], recommendations: [], abstained: true });
    expect(context.reason).toMatch(/\d\.\d\d/);
  });

  it('names no success where there was none', async () => {
    const agent = agentIn('failures-only');
    const error_patterns = { error_type: 'RedirectMismatch' };
    await agent.remember(FAILURES[0] ?? '', { success: false, error_patterns });
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    await agent.embedded();
    const context = await contextOf(agent, 'new');

    expect(context.similar_tasks).toEqual([]);
    expect(context.recommendations[0]).toContain('0 of 1 similar task');
    expect(context.recommendations.join(' ')).toContain('RedirectMismatch');
  });

  it('that was recorded counts as a reuse, and other advice does not', async () => {
    const { agent, ids } = await experienced('counted');
    const [first = ''] = ids;
    const unrecorded = await contextOf(agent, 'new', '?record=false');
    const recorded = await contextOf(agent, 'new', '?record=true');
    expect(unrecorded.suggestion_id).toBeNull();
    expect(recorded.suggestion_id).not.toBeNull();
    expect(idsOf(unrecorded)).toEqual(idsOf(recorded));

    await eventually(
      () => agent.memory(first),
      ({ reused_count }) => reused_count > 0,
    );
    for (const id of ids) expect((await agent.memory(id)).reused_count).toBe(1);
  });

  it('that was recorded is a suggestion of its own each time', async () => {
    const { agent } = await experienced('each-time');
    const [first, second] = [await contextOf(agent, 'new'), await contextOf(agent, 'new')];

    expect(first.suggestion_id).not.toBe(second.suggestion_id);
    const id = await agent.remember('Done', { suggestion_id: first.suggestion_id });
    expect((await agent.memory(id)).suggestion_id).toBe(first.suggestion_id);
  });

  it('is there for known tasks only', async () => {
    const { status, body } = await agentIn('unknown').get('/memory/tasks/nobody/context');

    expect([status, body.code]).toEqual([404, 'task.unknown']);
  });

  it.each(['top_k=0', 'top_k=11', 'similarity_threshold=1.1', 'record=yes', 'colour=red'])(
    'is refused for %s',
    async (query) => {
      const agent = agentIn('refused');
      await agent.post('/tasks', { id: 'new', type: 'implement_api' });
      const { status, body } = await agent.get(`/memory/tasks/new/context?${query}`);

      expect(status).toBe(422);
      expect(body.errors[0].field).toBe(query.split('=')[0]);
    },
  );
});

describe('A success behind many failures', () => {
  it('is found all the same, and the failures are counted', async () => {
    const agent = agentIn('one-success');
    for (let n = 0; n < 20; n += 1) {
      await agent.remember(`${DESCRIPTION} ${String(n)}`, { success: false });
    }
    await agent.remember('Built the OAuth2 login of the customer API');
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    await agent.embedded();
    const context = await contextOf(agent, 'new');

    expect(context.similar_tasks.map((similar: Body) => similar.summary)).toEqual([
      'Built the OAuth2 login of the customer API',
    ]);
    expect(context.recommendations[0]).toBe('0 of 20 similar tasks succeeded.');
  });
});
