import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const UNRELATED = [
  'Fixed CSS grid layout on the dashboard',
  'Optimised a slow SQL query with an index',
  'Wrote unit tests for the date parser',
];
const LOGIN = 'Implemented login with OAuth2 and JWT tokens';

describe('A stored execution', () => {
  it('is read back as it was, with what became of it', async () => {
    const agent = agentIn('read-back');
    const execution = {
      success: true,
      execution_summary: LOGIN,
      error_patterns: null,
      execution_id: 'run-1',
      agent_id: 'coder-1',
      phase_id: 'PHASE_IMPLEMENTATION',
      tags: ['auth', 'api'],
      tools: ['editor'],
      duration_ms: 84_000,
      cost_usd: 0.12,
      occurred_at: '2026-01-31T12:00:00.000Z',
      suggestion_id: '7d0f3b0e-4a54-4cf5-9d3e-0d9a2f7a1c11',
      auto_extract_patterns: false,
    };
    const task = { type: 'implement_api', description: 'Add user authentication' };
    const stored = await agent.post('/memory/store', { ...execution, task_id: 'task-1', task });
    expect(stored.status).toBe(201);
    expect(stored.body).toEqual({ memory_id: expect.any(String), status: 'stored' });

    await agent.embedded();
    expect(await agent.memory(stored.body.memory_id as string)).toEqual({
      ...execution,
      memory_id: stored.body.memory_id,
      task_id: 'task-1',
      task_type: 'implement_api',
      description: 'Add user authentication',
      learned_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      status: 'stored',
      revoke_reason: null,
      reused_count: 0,
      has_embedding: true,
      embedding_dimensions: 1536,
      embedding: {
        model_key: expect.stringContaining('MiniLM'),
        dimensions: 384,
        status: 'ready',
        truncated: false,
      },
    });
  });

  it('happened when it was stored, when nobody says otherwise', async () => {
    const agent = agentIn('now');
    const memory = await agent.memory(await agent.remember(LOGIN));

    expect(memory.occurred_at).toBe(memory.learned_at);
    expect(memory).toMatchObject({ tags: [], tools: [], agent_id: null, phase_id: null });
    expect(memory).toMatchObject({ auto_extract_patterns: true, description: null });
  });

  it('keeps an offset as the moment it means', async () => {
    const agent = agentIn('offset');
    const id = await agent.remember(LOGIN, { occurred_at: '2026-01-31T12:00:00+02:00' });

    expect((await agent.memory(id)).occurred_at).toBe('2026-01-31T10:00:00.000Z');
  });

  it('that failed keeps its error object as it was', async () => {
    const agent = agentIn('failure');
    const error_patterns = {
      error_type: 'TimeoutError',
      message: 'Gateway said “504” 💥\n\tat line 3',
      nested: { list: [1, 0.1, -2.5e-7, 1e21, true, null, '', {}, []], 'dotted.key': '' },
    };
    const id = await agent.remember('Timed out', { success: false, error_patterns });

    expect(await agent.memory(id)).toMatchObject({ success: false });
    expect((await agent.memory(id)).error_patterns).toEqual(error_patterns);
  });

  it('of an unknown task is refused, and nothing is stored', async () => {
    const agent = agentIn('unknown-task');
    const body = { task_id: 'nobody', execution_summary: LOGIN, success: true };
    const { status, body: problem } = await agent.post('/memory/store', body);

    expect([status, problem.code]).toEqual([404, 'task.unknown']);
    expect(await agent.memories()).toEqual([]);
    expect((await agent.get('/tasks')).body.items).toEqual([]);
  });

  it('registers the task it describes, which is there at once', async () => {
    const agent = agentIn('registers');
    for (let run = 0; run < 15; run += 1) {
      const task_id = `task-${String(run)}`;
      await agent.remember(LOGIN, { task_id, task: { type: 'fix_bug', description: 'Mend it' } });
      const memories = await agent.get(`/tasks/${task_id}/memories`);
      const task = await agent.get(`/tasks/${task_id}`);

      expect([task.status, memories.status]).toEqual([200, 200]);
      expect(task.body).toMatchObject({ type: 'fix_bug', description: 'Mend it', status: 'open' });
      expect(memories.body.items).toHaveLength(1);
    }
  });

  it('passes over the description of a task that is known', async () => {
    const agent = agentIn('known-task');
    await agent.post('/tasks', { id: 'known', type: 'fix_bug', description: 'Mend it' });
    const task = { type: 'other', description: 'Something else' };
    const id = await agent.remember(LOGIN, { task_id: 'known', task });

    expect(await agent.memory(id)).toMatchObject({ task_type: 'fix_bug', description: 'Mend it' });
    expect((await agent.get('/tasks/known')).body).toMatchObject({ type: 'fix_bug' });
  });
});

describe('A search', () => {
  it('finds by meaning what was stored in other words', async () => {
    const agent = agentIn('meaning');
    for (const summary of [UNRELATED[0] ?? '', LOGIN, ...UNRELATED.slice(1)]) {
      await agent.remember(summary);
    }
    await agent.embedded();
    const { items } = await agent.search('user authentication', { similarity_threshold: 0 });

    expect(items).toHaveLength(4);
    expect(items[0].summary).toBe(LOGIN);
  });

  it('gives successes with falling scores from 0 to 1, the paraphrase first', async () => {
    const agent = agentIn('scores');
    const summaries = [...UNRELATED, 'Added a retry with backoff to the payment client'];
    for (const summary of summaries) await agent.remember(summary);
    await agent.embedded();
    const { items, mode, model_key, search_time_ms } = await agent.search(
      'The billing client now tries again, waiting longer each time',
      { similarity_threshold: 0 },
    );
    const scores = items.map((item: Body) => item.similarity_score as number);

    expect(items[0].summary).toBe(summaries[3]);
    expect(items.map((item: Body) => item.success)).toEqual([true, true, true, true]);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    expect(mode).toBe('hybrid');
    expect(model_key).toContain('MiniLM');
    expect(search_time_ms).toBeGreaterThan(0);
  });

  it('gives nothing when nothing is near enough, and says how near that is', async () => {
    const agent = agentIn('far');
    await agent.remember(LOGIN);
    await agent.embedded();
    const asked = { similarity_threshold: 0.99 };

    expect(await agent.search('Baked sourdough bread', asked)).toMatchObject({
      items: [],
      threshold_used: 0.99,
    });
  });

  it('uses the threshold of the model when none is given', async () => {
    const agent = agentIn('default-threshold');
    await agent.remember(LOGIN);
    await agent.remember('Repotted the ferns in the hallway');
    await agent.embedded();
    const { items, threshold_used } = await agent.search('Login with OAuth2 and JWT');

    expect(items.map((item: Body) => item.summary)).toEqual([LOGIN]);
    expect(threshold_used).toBeGreaterThan(0);
    expect(items[0].similarity_score).toBeGreaterThanOrEqual(threshold_used as number);
  });

  it('for successes only leaves the failure out', async () => {
    const agent = agentIn('success-only');
    await agent.remember(LOGIN);
    await agent.remember('Tried to implement login with OAuth2', { success: false });
    await agent.embedded();
    const asked = { similarity_threshold: 0 };
    const all = await agent.search('OAuth2 login', asked);
    const successes = await agent.search('OAuth2 login', { ...asked, success_only: true });

    expect(all.items).toHaveLength(2);
    expect(successes.items.map((item: Body) => item.summary)).toEqual([LOGIN]);
  });

  it('raises by one the reuse of what it returned, and of nothing else', async () => {
    const agent = agentIn('reuse');
    const hit = await agent.remember(LOGIN);
    const other = await agent.remember('Repotted the ferns in the hallway');
    await agent.embedded();
    const first = await agent.search('Login with OAuth2 and JWT');
    expect(first.items.map((item: Body) => [item.memory_id, item.reused_count])).toEqual([
      [hit, 0],
    ]);

    await eventually(
      () => agent.memory(hit),
      ({ reused_count }) => reused_count === 1,
    );
    const second = await agent.search('Login with OAuth2 and JWT');
    expect(second.items[0].reused_count).toBe(1);
    expect((await agent.memory(other)).reused_count).toBe(0);
  });

  it('loses no count when many run at once', async () => {
    const agent = agentIn('reuse-at-once');
    const id = await agent.remember(LOGIN);
    await agent.embedded();
    await Promise.all(Array.from({ length: 25 }, () => agent.search('Login with OAuth2 and JWT')));

    await eventually(
      () => agent.memory(id),
      ({ reused_count }) => reused_count === 25,
    );
  });

  it('for "JWT" gives the memories about authentication first', async () => {
    const agent = agentIn('jwt');
    const about = [LOGIN, 'Rotated the signing keys of JWT access tokens'];
    for (const summary of [...UNRELATED, ...about]) await agent.remember(summary);
    await agent.embedded();
    const { items } = await agent.search('JWT', { similarity_threshold: 0 });
    const firstTwo = items.slice(0, 2).map((item: Body) => item.summary as string);

    expect(items).toHaveLength(5);
    expect(firstTwo.sort()).toEqual(about.sort());
  });

  it('with a lower threshold gives all of what a higher one gave', async () => {
    const agent = agentIn('superset');
    for (const summary of [...UNRELATED, LOGIN]) await agent.remember(summary);
    await agent.embedded();
    const found: string[][] = [];
    for (const similarity_threshold of [0.5, 0.3, 0.1, 0]) {
      const { items } = await agent.search('Login tokens', { similarity_threshold });
      found.push(items.map((item: Body) => item.memory_id as string));
    }

    found.slice(1).forEach((more, at) => {
      expect(more).toEqual(expect.arrayContaining(found[at] ?? []));
    });
    expect(found[0]).toHaveLength(1);
    expect(found[3]).toHaveLength(4);
  });

  it('gives top_k of twenty, one a task, equally near ones by their id', async () => {
    const agent = agentIn('top-k');
    const ids: string[] = [];
    for (let task = 0; task < 10; task += 1) {
      const task_id = `task-${String(task)}`;
      ids.push(await agent.remember(LOGIN, { task_id }));
      await agent.remember('Repotted the ferns', { task_id });
    }
    await agent.embedded();
    const five = await agent.search(LOGIN, { top_k: 5, similarity_threshold: 0 });
    const twenty = await agent.search(LOGIN, { top_k: 20, similarity_threshold: 0 });
    const found = (answer: Body): string[] => answer.items.map((item: Body) => item.memory_id);

    expect(found(five)).toEqual(ids.sort().slice(0, 5));
    expect(found(twenty)).toEqual(ids.sort());
  });

  it('finds twenty memories five at a time', async () => {
    const agent = agentIn('twenty');
    for (let at = 0; at < 20; at += 1) await agent.remember(`Login, attempt ${String(at)}`);
    await agent.embedded();

    expect((await agent.search('Login')).items).toHaveLength(5);
    expect((await agent.search('Login', { top_k: 20 })).items).toHaveLength(20);
  });
});
