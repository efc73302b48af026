import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';
import { Analyst, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));
const extract = (analyst: Analyst, asked: object, headers = {}): Promise<Body> =>
  analyst.agent.post('/memory/patterns/extract', asked, headers);

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

describe('Five matching successes', () => {
  it('give a pattern of that type and regex, with honest confidence, never used yet', async () => {
    const analyst = analystIn('five');
    await analyst.work(times(5, true), { description: 'Add login' });
    const asked = { task_type_pattern: '^implement_.* login$', pattern_type: 'success' };
    const { status, body } = await extract(analyst, asked);
    const pattern = await analyst.pattern(body.pattern_id);

    expect([status, body.status]).toEqual([201, 'extracted']);
    expect(pattern).toMatchObject({
      pattern_type: 'success',
      task_type_pattern: '^implement_.* login$',
      definition: ['extracted', 'success', '^implement_.* login$'],
      status: 'active',
      usage_count: 0,
      confidence_score: body.confidence,
      evidence: { successes: 5, failures: 0, distinct_tasks: 5 },
    });
    expect(body.confidence).toBeGreaterThan(0.5);
    expect(body.confidence).toBeLessThan(1);
  });

  it('and what comes later, and what failed, all count', async () => {
    const analyst = analystIn('later');
    await analyst.work(times(3, true), { description: 'Add login' });
    await analyst.work(times(2, false), { description: 'Mend the login' });
    const { body } = await extract(analyst, { task_type_pattern: 'login' });
    expect((await analyst.pattern(body.pattern_id)).evidence).toMatchObject({
      successes: 3,
      failures: 2,
    });
    await analyst.work([true, false], { description: 'Another login' });
    await analyst.work([true], { description: 'Something else' });

    const { evidence, says } = await analyst.pattern(body.pattern_id);
    expect(evidence).toMatchObject({ successes: 4, failures: 3, distinct_tasks: 7 });
    expect(says).toBe('4 of 7 executions of tasks that match login succeeded.');
  });
});

describe('An extraction', () => {
  it('asked for again is the same pattern', async () => {
    const analyst = analystIn('again');
    await analyst.work(times(4, true));
    const first = await extract(analyst, { task_type_pattern: 'implement' });
    const second = await extract(analyst, { task_type_pattern: 'implement', min_samples: 10 });

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const other = await extract(analyst, {
      task_type_pattern: 'implement',
      min_samples: 2,
      pattern_type: 'failure',
    });
    expect(other.status).toBe(400);
  });

  it('by thirty at once is one pattern', async () => {
    const analyst = analystIn('at-once');
    await analyst.work(times(4, true));
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => extract(analyst, { task_type_pattern: 'api' })),
    );

    expect(answers.filter(({ status }: Body) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }: Body) => body.pattern_id)).size).toBe(1);
    expect(await analyst.patterns()).toHaveLength(3);
  });

  it('under a key that is known is answered as at first, and with another body refused', async () => {
    const analyst = analystIn('keyed');
    await analyst.work(times(4, true));
    const headers = { 'Idempotency-Key': 'extract-once' };
    const first = await extract(analyst, { task_type_pattern: 'implement' }, headers);
    await analyst.work(times(4, false));
    const again = await extract(analyst, { task_type_pattern: 'implement' }, headers);

    expect([again.status, again.body]).toEqual([200, first.body]);
    for (const other of [{ task_type_pattern: 'nothing' }, { task_type_pattern: '[' }]) {
      const { status, body } = await extract(analyst, other, headers);
      expect([status, body.code]).toEqual([409, 'request.key_reused']);
    }
  });

  it('that is only tried says what would match, and changes nothing', async () => {
    const analyst = analystIn('dry');
    const ids = await analyst.work([true, false], { description: 'Add login' });
    const { status, body } = await extract(analyst, { task_type_pattern: 'login', dry_run: true });

    expect(status).toBe(200);
    expect(body).toMatchObject({ count: 2, distinct_tasks: 1 });
    expect(body.members.map(({ memory_id }: Body) => memory_id)).toEqual(ids);
    expect(await analyst.of('extracted', 'success', 'login')).toBeUndefined();
  });

  it('of too few distinct tasks is refused, and nothing is there', async () => {
    const analyst = analystIn('few');
    await analyst.workOn(['a', 'b', 'a', 'b', 'a'], times(5, true));
    const { status, body } = await extract(analyst, { task_type_pattern: 'implement' });

    expect([status, body.code, body.detail]).toEqual([
      400,
      'pattern.insufficient_samples',
      'Insufficient samples (need 3)',
    ]);
    expect(fieldsOf({ body } as never)).toEqual(['min_samples']);
    expect(await analyst.of('extracted', 'success', 'implement')).toBeUndefined();
    expect(
      (await extract(analyst, { task_type_pattern: 'implement', min_samples: 2 })).status,
    ).toBe(201);
  });

  it('with a regex that would ruin a backtracking engine is answered all the same', async () => {
    const analyst = analystIn('linear');
    await analyst.work(times(3, true), { description: `${'a'.repeat(1_500)}!` });
    const { status, body } = await extract(analyst, {
      task_type_pattern: '(a+)+$',
      dry_run: true,
    });

    expect([status, body.count]).toEqual([200, 0]);
  });

  it.each([
    ['does not compile', '(', 'task_type_pattern'],
    ['looks behind', '(?<=x)y', 'task_type_pattern'],
    ['looks ahead', 'y(?=x)', 'task_type_pattern'],
    ['refers back', '(a)\\1', 'task_type_pattern'],
    ['is ten kilobytes long', 'a'.repeat(10_240), 'task_type_pattern'],
    ['is blank', '  ', 'task_type_pattern'],
    ['is a large program', '\\pL{999}', 'task_type_pattern'],
  ])('whose regex %s is refused by name', async (_what, regex, field) => {
    const analyst = analystIn('bad-regex');
    const response = await extract(analyst, { task_type_pattern: regex });

    expect([response.status, fieldsOf(response)]).toEqual([422, [field]]);
    expect(await analyst.patterns()).toEqual([]);
  });

  it.each([
    ['min_samples', 1],
    ['min_samples', 11],
    ['min_samples', 2.5],
    ['pattern_type', 'optimisation'],
    ['dry_run', 'yes'],
    ['colour', 'red'],
  ])('with %s %j is refused by name', async (field, value) => {
    const response = await extract(analystIn('bad-values'), {
      task_type_pattern: 'x',
      [field]: value,
    });

    expect([response.status, fieldsOf(response)]).toEqual([422, [field]]);
  });
});

describe('What is wrong about a pattern', () => {
  it.each(['retire', 'restore'])('in the body of a %s is named', async (verb) => {
    const analyst = analystIn('bad-decision');
    await analyst.work(times(3, true));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const response = await analyst.agent.post(`/memory/patterns/${pattern_id}/${verb}`, { a: 1 });

    expect([response.status, fieldsOf(response)]).toEqual([422, ['a']]);
  });

  const unknown = '00000000-0000-4000-8000-000000000000';

  it.each([
    ['get', ''],
    ['get', '/evidence'],
    ['get', '/history'],
    ['post', '/feedback'],
    ['post', '/retire'],
    ['post', '/restore'],
  ])('that is not there is said: %s …%s', async (method, path) => {
    const { agent } = analystIn('not-there');
    for (const id of [unknown, 'nothing']) {
      const address = `/memory/patterns/${id}${path}`;
      const body = path === '/feedback' ? { helpful: true } : {};
      const answer = method === 'get' ? await agent.get(address) : await agent.post(address, body);
      expect([answer.status, answer.body.code]).toEqual([404, 'pattern.unknown']);
    }
  });

  it.each([
    [{ helpful: 'yes' }, 'helpful'],
    [{}, 'helpful'],
    [{ helpful: true, confidence_adjustment: 0.21 }, 'confidence_adjustment'],
    [{ helpful: true, confidence_adjustment: -0.3 }, 'confidence_adjustment'],
    [{ helpful: true, confidence: 2 }, 'confidence'],
    [{ helpful: true, comment: 'x'.repeat(2_001) }, 'comment'],
  ])('in feedback %j is named, and nothing changes', async (said, field) => {
    const analyst = analystIn('bad-feedback');
    if ((await analyst.patterns()).length === 0) await analyst.work(times(3, true));
    const before = await analyst.of('type', 'implement_api');
    const response = await analyst.agent.post(
      `/memory/patterns/${before.pattern_id}/feedback`,
      said,
    );

    expect([response.status, fieldsOf(response)]).toEqual([422, [field]]);
    expect(await analyst.pattern(before.pattern_id)).toEqual(before);
  });

  it('in the name of an actor is said', async () => {
    const analyst = analystIn('bad-actor');
    await analyst.work(times(3, true));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const { status, body } = await analyst.agent.post(
      `/memory/patterns/${pattern_id}/feedback`,
      { helpful: true },
      { 'X-Actor': 'a'.repeat(10_240) },
    );

    expect([status, body.code]).toEqual([400, 'request.bad_actor']);
  });

  it.each([
    ['pattern_type=neutral', 'pattern_type'],
    ['status=done', 'status'],
    ['min_confidence=1.5', 'min_confidence'],
    ['limit=51', 'limit'],
    ['limit=0', 'limit'],
    ['cursor=abc', 'cursor'],
    ['colour=red', 'colour'],
  ])('in a list with %s is named', async (query, field) => {
    const response = await analystIn('bad-list').agent.get(`/memory/patterns?${query}`);

    expect([response.status, fieldsOf(response)]).toEqual([422, [field]]);
  });

  it.each([
    [{}, 'task_type'],
    [{ task_type: ' ' }, 'task_type'],
    [{ task_type: 'x', agent_id: 'a'.repeat(201) }, 'agent_id'],
    [{ task_type: 'x', agent: 'a' }, 'agent'],
  ])('in a prediction for %j is named', async (asked, field) => {
    const response = await analystIn('bad-predict').agent.post('/memory/predict', asked);

    expect([response.status, fieldsOf(response)]).toEqual([422, [field]]);
  });
});
