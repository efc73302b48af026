import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';
import { Analyst, mixed, times } from './analyst.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);
const analystIn = (namespace: string): Analyst => new Analyst(agentIn(namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const NOBODY = '00000000-0000-4000-8000-000000000000';
const DESCRIPTION = 'Add user login with OAuth2 to the public API';

const close = (agent: Agent, id: string, outcome: object): ReturnType<Agent['post']> =>
  agent.post(`/memory/suggestions/${id}/outcome`, outcome);

const explained = async (agent: Agent, id: string): Promise<Body> =>
  (await agent.get(`/memory/suggestions/${id}`)).body;

/** All that is known of patterns, each with what is behind it. */
async function everything(analyst: Analyst): Promise<Body[]> {
  const all: Body[] = [];
  for (const { pattern_id } of await analyst.patterns()) {
    const history = await analyst.history(pattern_id);
    all.push({ ...(await analyst.evidence(pattern_id)), history });
  }

  return all;
}

const without = (field: string, all: readonly Body[]): Body[] =>
  all.map((one) => ({ ...one, [field]: null }));

describe('The outcome of a suggestion', () => {
  it('moves the uplift of what it served, and nothing else', async () => {
    const analyst = analystIn('moves');
    await analyst.work(mixed(6, 3), { agent: 'ann', tools: ['editor'] });
    await analyst.work(mixed(2, 2), { type: 'fix_bug' });
    const { suggestion_id, matching_patterns } = await analyst.context('next');
    const served = matching_patterns.map(({ pattern_id }: Body) => pattern_id as string);
    const before = await everything(analyst);
    const asked = { task_type: 'implement_api', agent_id: 'ann' };
    const { body: predicted } = await analyst.agent.post('/memory/predict', asked);
    expect(before.map(({ uplift }) => uplift as unknown)).toEqual(before.map(() => null));

    const { status, body } = await close(analyst.agent, suggestion_id, { success: true });
    expect([status, body]).toEqual([200, { suggestion_id, status: 'outcome_recorded' }]);

    const after = await everything(analyst);
    expect(without('uplift', after)).toEqual(before);
    expect((await analyst.agent.post('/memory/predict', asked)).body).toEqual(predicted);
    expect(await analyst.agent.memories()).toHaveLength(13);
    const moved = after.filter(({ uplift }) => uplift !== null);
    expect(moved.map(({ pattern_id }) => pattern_id as string).sort()).toEqual(served.sort());
    for (const { uplift } of moved) {
      // One of one after it, and six of nine without: with half a success and half a failure more.
      expect(uplift).toMatchObject({ outcomes: 1, flagged: false });
      expect(uplift.with).toBeCloseTo(1.5 / 2, 12);
      expect(uplift.without).toBeCloseTo(6.5 / 10, 12);
      expect(uplift.difference).toBeCloseTo(0.1, 12);
      expect(uplift.interval.low).toBeLessThan(uplift.difference);
      expect(uplift.interval.high).toBeGreaterThan(uplift.difference);
    }
  });

  it('is the one of the execution that was stored with its id', async () => {
    const analyst = analystIn('execution');
    await analyst.work(mixed(6, 3));
    const { suggestion_id } = await analyst.context('next');
    const [memory_id] = await analyst.workOn(['next'], [true], { suggestion_id });
    const { uplift } = await analyst.of('type', 'implement_api');

    expect(uplift).toMatchObject({ outcomes: 1, with: 1.5 / 2, without: 6.5 / 10 });
    const { outcome } = await explained(analyst.agent, suggestion_id);
    expect(outcome).toMatchObject({ success: true, by: 'execution', memory_id });

    // A second try under the same suggestion is no second outcome, and not done without it either.
    await analyst.workOn(['next'], [false], { suggestion_id });
    expect((await analyst.of('type', 'implement_api')).uplift).toEqual(uplift);
  });

  it('is that of a task that was finished with its id', async () => {
    const analyst = analystIn('finished');
    await analyst.work(mixed(6, 3));
    const { suggestion_id } = await analyst.context('next');
    const said = { execution_summary: 'Did it', suggestion_id };
    await analyst.agent.post('/tasks/next/complete', said);
    const { outcome } = await eventually(
      () => explained(analyst.agent, suggestion_id),
      (suggestion: Body) => suggestion.outcome !== null,
    );

    expect(outcome).toMatchObject({ success: true, by: 'execution' });
  });

  it('by an execution beats a word, before or after, until it is taken back', async () => {
    const analyst = analystIn('both');
    const { agent } = analyst;
    await analyst.work(mixed(6, 3));
    const { suggestion_id } = await analyst.context('next');
    await close(agent, suggestion_id, { success: true });
    const word = await explained(agent, suggestion_id);
    expect(word.outcome).toMatchObject({ success: true, by: 'word', memory_id: null });

    const [first, second] = await analyst.workOn(['next', 'next'], [false, true], {
      suggestion_id,
    });
    const outcome = async (): Promise<Body> => (await explained(agent, suggestion_id)).outcome;
    expect(await outcome()).toMatchObject({ success: false, by: 'execution', memory_id: first });
    expect((await analyst.of('type', 'implement_api')).uplift.with).toBeCloseTo(0.25, 12);
    // The word stands as it was given.
    expect((await close(agent, suggestion_id, { success: true })).status).toBe(200);
    expect((await close(agent, suggestion_id, { success: false })).status).toBe(409);

    await agent.post(`/memory/executions/${first}/revoke`, { reason: 'Reported wrongly.' });
    expect(await outcome()).toMatchObject({ success: true, memory_id: second });
    await agent.delete(`/memory/executions/${second}`);
    expect(await outcome()).toEqual(word.outcome);
    expect((await analyst.of('type', 'implement_api')).uplift.with).toBeCloseTo(0.75, 12);
  });

  it('can be told again, and not otherwise', async () => {
    const analyst = analystIn('again');
    const { agent } = analyst;
    const { suggestion_id } = await analyst.context('next');
    const said = { success: false, comment: 'It sent me the wrong way' };

    for (const outcome of [said, said]) {
      const { status, body } = await close(agent, suggestion_id, outcome);
      expect([status, body]).toEqual([200, { suggestion_id, status: 'outcome_recorded' }]);
    }
    for (const other of [
      { ...said, success: true },
      { ...said, comment: 'Otherwise' },
    ]) {
      const { status, body } = await close(agent, suggestion_id, other);
      expect([status, body.code]).toEqual([409, 'suggestion.outcome_recorded']);
    }
    expect((await explained(agent, suggestion_id)).outcome).toMatchObject({ success: false });
  });

  it('is recorded once under a key', async () => {
    const analyst = analystIn('key');
    const { suggestion_id } = await analyst.context('next');
    const path = `/memory/suggestions/${suggestion_id}/outcome`;
    const key = { 'Idempotency-Key': 'k-1' };
    const all = await Promise.all(
      [1, 2, 3].map(() => analyst.agent.post(path, { success: true }, key)),
    );

    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    const reused = await analyst.agent.post(path, { success: false }, key);
    expect([reused.status, reused.body.code]).toEqual([409, 'request.key_reused']);
  });

  it.each(['not-an-id', NOBODY])('needs a suggestion, and %s is none', async (id) => {
    const agent = agentIn('nobody');
    for (const { status, body } of [
      await close(agent, id, { success: true }),
      await agent.get(`/memory/suggestions/${id}`),
    ]) {
      expect([status, body.code]).toEqual([404, 'suggestion.unknown']);
    }
  });

  it.each<[told: string, field: string, sent: object]>([
    ['nothing', 'success', {}],
    ['a word for a boolean', 'success', { success: 'yes' }],
    ['no outcome', 'success', { success: null }],
    ['a number for a comment', 'comment', { success: true, comment: 5 }],
    ['too long a comment', 'comment', { success: true, comment: 'x'.repeat(2_001) }],
    ['what cannot be stored', 'comment', { success: true, comment: '\u0000' }],
    ['an unknown field', 'colour', { success: true, colour: 'red' }],
  ])('is refused for %s, and %s is named', async (_, field, sent) => {
    const analyst = analystIn('bad');
    const { suggestion_id } = await analyst.context('next');
    const answer = await close(analyst.agent, suggestion_id, sent);

    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
    expect((await explained(analyst.agent, suggestion_id)).outcome).toBeNull();
  });

  it('belongs to one tenant alone', async () => {
    const analyst = analystIn('mine');
    const { suggestion_id } = await analyst.context('next');
    const stranger = agentIn('theirs');

    expect((await close(stranger, suggestion_id, { success: true })).status).toBe(404);
    expect((await stranger.get(`/memory/suggestions/${suggestion_id}`)).status).toBe(404);
    await stranger.remember('Did it', { suggestion_id });
    expect((await explained(analyst.agent, suggestion_id)).outcome).toBeNull();
  });
});

describe('The uplift of a pattern', () => {
  it('knows nothing of suggestions that nobody made, nor of what is kept out of learning', async () => {
    const analyst = analystIn('unknown');
    await analyst.work(mixed(6, 3));
    const { suggestion_id } = await analyst.context('next');
    await analyst.work([false], { suggestion_id: NOBODY });
    await analyst.agent.remember('Kept out', { suggestion_id, auto_extract_patterns: false });

    expect((await analyst.of('type', 'implement_api')).uplift).toBeNull();
    expect((await explained(analyst.agent, suggestion_id)).outcome).toBeNull();
    await close(analyst.agent, suggestion_id, { success: true });
    expect((await analyst.of('type', 'implement_api')).uplift.without).toBeCloseTo(6.5 / 11, 12);
  });

  it('is none while all of a type was done after it', async () => {
    const analyst = analystIn('all-advised');
    await analyst.work(times(5, true), { type: 'implement_page' });
    const { suggestion_id, matching_patterns } = await analyst.context('next');
    await close(analyst.agent, suggestion_id, { success: true });
    const [{ pattern_id, definition }] = await Promise.all(
      matching_patterns.map(({ pattern_id: id }: Body) => analyst.pattern(id)),
    );

    expect(definition).toEqual(['prefix', 'implement']);
    expect((await analyst.pattern(pattern_id)).uplift).toBeNull();
    await analyst.work([true]);
    expect((await analyst.pattern(pattern_id)).uplift).toMatchObject({ outcomes: 1 });
  });

  it('that is clearly negative after a hundred outcomes is flagged, and decides nothing', async () => {
    const analyst = analystIn('flagged');
    const { agent } = analyst;
    await analyst.work(mixed(36, 4));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const flagged = async (query = 'true'): Promise<string[]> =>
      (await analyst.patterns(`&flagged=${query}`)).map(({ pattern_id }) => pattern_id as string);
    for (let nth = 0; nth < 100; nth += 1) {
      if (nth === 99) expect(await flagged()).toEqual([]);
      const { suggestion_id } = await analyst.context('next');
      await close(agent, suggestion_id, { success: nth % 10 === 0 });
    }
    const pattern = await analyst.pattern(id);

    expect(pattern.uplift).toMatchObject({ outcomes: 100, flagged: true });
    expect(pattern.uplift.interval.high).toBeLessThan(0);
    expect(pattern).toMatchObject({ status: 'candidate', usage_count: 100 });
    expect(await flagged()).toContain(id);
    expect(await flagged('false')).not.toContain(id);
    expect((await analyst.patterns()).map(({ pattern_id }) => pattern_id as string)).toContain(id);
    const context = await analyst.context('next');
    const served = context.matching_patterns.map(({ pattern_id }: Body) => pattern_id as string);
    expect(served).toContain(id);
    const refused = await agent.get('/memory/patterns?flagged=maybe');
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['flagged']]);
  });
});

describe('A suggestion explained', () => {
  it('names the executions, the patterns, the evidence of then and the rules', async () => {
    const analyst = analystIn('explained');
    const { agent } = analyst;
    const ids = [
      await agent.remember('Added user login with OAuth2 to the API and tested it'),
      await agent.remember('Implemented OAuth2 user login for the public API'),
    ];
    await analyst.work(times(3, false), { error: 'Timeout while the login was tested' });
    await analyst.work(mixed(4, 0));
    await agent.embedded();
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    const path = '/memory/tasks/new/context?similarity_threshold=0.3&top_k=2';
    const { body: context } = await agent.get(path);
    const [warning] = context.warnings;
    const [pattern] = context.matching_patterns;
    const then = await analyst.pattern(pattern.pattern_id);
    await analyst.work(times(5, false), { error: 'Another one' });

    const { suggestion_id } = context;
    const told = await explained(agent, suggestion_id);
    expect(told).toMatchObject({
      suggestion_id,
      task_id: 'new',
      task_type: 'implement_api',
      similar_tasks_rule:
        'Successes of other tasks with a similarity of at least 0.3: the nearest of each task, at most 2.',
      threshold_used: 0.3,
      top_k: 2,
      learner_version: 2,
      abstained: false,
      reason: null,
      outcome: null,
    });
    expect(told.model_key).toMatch(/\S/);
    expect(told.at).toMatch(/^\d{4}-/);
    expect(told.similar_tasks).toEqual(
      context.similar_tasks.map((similar: Body) => ({ ...similar, status: 'stored' })),
    );
    expect(told.similar_tasks.map(({ memory_id }: Body) => memory_id).sort()).toEqual(ids.sort());
    expect(told.patterns).toHaveLength(Number(context.matching_patterns.length) + 1);
    expect(told.patterns[0]).toEqual({
      pattern_id: pattern.pattern_id,
      status: 'candidate',
      confidence: pattern.confidence,
      served_as: 'advice',
      rule: 'A candidate from at least 3 distinct tasks, with a confidence of at least 0.5.',
      says: pattern.says,
      evidence: then.evidence,
    });
    expect(told.patterns.at(-1)).toMatchObject({
      pattern_id: warning.pattern_id,
      status: 'active',
      confidence: warning.confidence,
      served_as: 'warning',
      rule: 'An error that at least 3 distinct tasks of the type met.',
      says: warning.text,
      evidence: { failures: 3 },
    });
  });

  it('shows of what was revoked or erased that it was', async () => {
    const agent = agentIn('erased');
    const analyst = new Analyst(agent);
    const gone = await agent.remember('Added user login with OAuth2 to the API and tested it');
    const revoked = await agent.remember('Implemented OAuth2 user login for the public API');
    const error = 'Warehouse was never counted';
    const failed = await analyst.work(times(3, false), { error });
    await agent.embedded();
    await agent.post('/tasks', { id: 'new', type: 'implement_api', description: DESCRIPTION });
    const { body } = await agent.get('/memory/tasks/new/context');
    expect(body.warnings).toHaveLength(1);
    for (const id of [gone, ...failed]) await agent.delete(`/memory/executions/${id}`);
    await agent.post(`/memory/executions/${revoked}/revoke`, { reason: 'It was wrong' });

    const told = await explained(agent, body.suggestion_id);
    const of = (id: string): Body =>
      told.similar_tasks.find(({ memory_id }: Body) => memory_id === id);
    expect(of(gone)).toMatchObject({ status: 'erased', task_id: null, summary: null });
    expect(of(revoked)).toMatchObject({
      status: 'revoked',
      summary: 'Implemented OAuth2 user login for the public API',
    });
    expect(told.patterns.at(-1)).toMatchObject({
      pattern_id: body.warnings[0].pattern_id,
      served_as: 'warning',
      confidence: body.warnings[0].confidence,
      says: null,
      evidence: null,
    });
    expect(JSON.stringify(told)).not.toMatch(/Warehouse|tested it/);
  });

  it('outlives its task, and what was said of it does not', async () => {
    const analyst = analystIn('deleted');
    const { agent } = analyst;
    const [first, second] = [await analyst.context('next'), await analyst.context('other')];
    const said = { success: true, comment: 'The zebra helped' };
    await close(agent, first.suggestion_id, said);
    await close(agent, second.suggestion_id, said);
    const comments = async (): Promise<string[]> =>
      (await agent.get('/admin/events?type=suggestion.outcome_recorded')).body.items.map(
        ({ text }: Body) => (text?.comment ?? 'erased') as string,
      );
    expect(await comments()).toEqual([said.comment, said.comment]);
    expect((await agent.delete('/tasks/next')).status).toBe(204);

    expect((await comments()).sort()).toEqual([said.comment, 'erased'].sort());
    const { outcome, task_id } = await explained(agent, first.suggestion_id);
    expect([task_id, outcome]).toMatchObject(['next', { success: true, by: 'word' }]);
  });

  it('says why there was none', async () => {
    const analyst = analystIn('abstained');
    const context = await analyst.context('next');
    const told = await explained(analyst.agent, context.suggestion_id);

    expect(context.abstained).toBe(true);
    expect(told).toMatchObject({
      abstained: true,
      reason: 'No other task is remembered yet.',
      similar_tasks: [],
      patterns: [],
      outcome: null,
      top_k: 3,
    });
    expect(told.threshold_used).toBeGreaterThan(0);
    await close(analyst.agent, context.suggestion_id, { success: false });
    const closed = await explained(analyst.agent, context.suggestion_id);
    expect(closed.outcome).toMatchObject({ success: false, by: 'word' });
  });

  it('is there for those that were recorded alone', async () => {
    const analyst = analystIn('unrecorded');
    const { suggestion_id } = await analyst.context('next', 'implement_api', '?record=false');

    expect(suggestion_id).toBeNull();
    expect((await analyst.agent.get('/memory/suggestions/null')).status).toBe(404);
  });
});
