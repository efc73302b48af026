import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';
import { Analyst, coin, mixed, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

/** Without what differs from run to run. */
const counted = (patterns: readonly Body[]): Body[] =>
  patterns.map(({ created_at: _since, updated_at: _at, evidence, ...pattern }) => {
    const { first_at: _first, last_at: _last, ...counts } = evidence;
    return { ...pattern, evidence: counts };
  });

describe('Noise', () => {
  it('stays a candidate, however often one looks', async () => {
    const analyst = analystIn('noise');
    const toss = coin(7);
    for (let round = 0; round < 8; round += 1) {
      for (const agent of ['ann', 'bob', 'cy', 'dee']) {
        const outcomes = Array.from({ length: 10 }, toss);
        await analyst.work(outcomes, { agent, tools: [`tool-${String(round % 3)}`] });
      }
      const active = await analyst.patterns('&status=active');
      expect(active).toEqual([]);
    }
    const all = await analyst.patterns();
    expect(all.length).toBeGreaterThan(10);
    expect(all.every(({ status }: Body) => status === 'candidate')).toBe(true);
  });
});

describe('A planted effect of an agent on a type', () => {
  it('becomes active, and a flip demotes it', async () => {
    const analyst = analystIn('planted');
    await analyst.work(mixed(60, 60), { agent: 'others', type: 'implement_api' });
    await analyst.work(mixed(60, 60), { agent: 'bob', type: 'fix_bug' });
    await analyst.work(times(40, true), { agent: 'bob', type: 'implement_api' });
    const planted = await analyst.of('agent_type', 'bob', 'implement_api');
    expect(planted).toMatchObject({
      pattern_type: 'success',
      status: 'active',
      evidence: { successes: 40, failures: 0, distinct_tasks: 40 },
    });
    expect(planted.confidence_score).toBeGreaterThan(0.9);

    let contrary = 0;
    for (let status = 'active'; status === 'active' && contrary < 15; contrary += 1) {
      await analyst.work([false], { agent: 'bob' });
      ({ status } = await analyst.pattern(planted.pattern_id));
    }
    expect(contrary).toBeGreaterThanOrEqual(4);
    expect(contrary).toBeLessThan(15);
    const changes = await analyst.history(planted.pattern_id);
    const statuses = changes.map(({ status }: Body) => status);
    expect(statuses[0]).toBe('candidate');
    expect(statuses).toContain('active');
    expect(statuses.lastIndexOf('candidate')).toBeGreaterThan(statuses.indexOf('active'));
    expect(changes.every(({ cause }: Body) => cause === 'memory.execution_stored')).toBe(true);

    await analyst.work(times(25, false), { agent: 'bob' });
    expect(await analyst.of('agent_type', 'bob', 'implement_api')).toMatchObject({
      pattern_type: 'failure',
      status: 'active',
    });
  });
});

describe('An agent that fails where others succeed', () => {
  it('is a warning with its evidence, and predicted to fail, and the others are not', async () => {
    const analyst = analystIn('fails');
    await analyst.work([...times(38, true), false, false], { agent: 'ann' });
    await analyst.work(times(15, false), { agent: 'bob' });
    const pattern = await analyst.of('agent_type', 'bob', 'implement_api');
    const chance = async (agent_id: string): Promise<number> =>
      (await analyst.agent.post('/memory/predict', { task_type: 'implement_api', agent_id })).body
        .probability;

    expect(pattern).toMatchObject({
      pattern_type: 'failure',
      status: 'active',
      evidence: { successes: 0, failures: 15, distinct_tasks: 15 },
    });
    const { matching_patterns, recommendations } = await analyst.context('next');
    expect(matching_patterns).toContainEqual(
      expect.objectContaining({ pattern_id: pattern.pattern_id, says: pattern.says }),
    );
    expect(recommendations.join()).toContain('bob');
    expect(await chance('bob')).toBeLessThan(0.3);
    expect(await chance('ann')).toBeGreaterThan(0.8);
  });
});

describe('Repeats and echoes', () => {
  it('move the confidence and prove nothing', async () => {
    const analyst = analystIn('echo');
    await analyst.work(mixed(30, 30), { agent: 'others' });
    await analyst.agent.post('/tasks', { id: 'asked', type: 'implement_api' });
    const { suggestion_id } = await analyst.context('asked');
    await analyst.work(times(40, true), { agent: 'echo', suggestion_id });
    expect(await analyst.of('agent', 'echo')).toBeUndefined();

    await analyst.workOn(['once'], [true], { agent: 'repeater' });
    const first = await analyst.of('agent', 'repeater');
    await analyst.workOn(Array<string>(39).fill('once'), times(39, true), { agent: 'repeater' });
    const repeated = await analyst.of('agent', 'repeater');
    expect(repeated.status).toBe('candidate');
    expect(repeated.evidence).toMatchObject({ successes: 40, distinct_tasks: 1 });
    expect(repeated.confidence_score).toBeGreaterThan(first.confidence_score);

    await analyst.work(times(40, true), { agent: 'worker' });
    expect((await analyst.of('agent', 'worker')).status).toBe('active');
  });
});

describe('A revoke', () => {
  it('undoes what was learned from a memory', async () => {
    const analyst = analystIn('revoke');
    await analyst.work(mixed(5, 3), { agent: 'ann', tags: ['x'] });
    const before = counted(await analyst.patterns());
    const ids = await analyst.work([true, false], { agent: 'ann', tags: ['x'], error: 'Timeout' });
    expect(counted(await analyst.patterns())).not.toEqual(before);

    for (const id of ids) {
      await analyst.agent.post(`/memory/executions/${id}/revoke`, { reason: 'Reported wrongly.' });
    }
    expect(counted(await analyst.patterns())).toEqual(before);
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const { items } = await analyst.evidence(pattern_id);
    expect(items.some(({ memory_id }: Body) => ids.includes(memory_id))).toBe(false);
  });

  it('of the only execution takes the pattern away', async () => {
    const analyst = analystIn('revoke-only');
    const [id] = await analyst.work([true]);
    const { pattern_id } = await analyst.of('type', 'implement_api');
    await analyst.agent.post(`/memory/executions/${id}/revoke`, { reason: 'It never happened.' });

    expect(await analyst.patterns()).toEqual([]);
    expect((await analyst.agent.get(`/memory/patterns/${pattern_id}`)).status).toBe(404);
  });
});

describe('An execution with auto_extract_patterns false', () => {
  it('is found, and leaves no trace in what is learned', async () => {
    const analyst = analystIn('left-out');
    const id = await analyst.agent.remember('Not to be learned from', {
      auto_extract_patterns: false,
    });

    expect(await analyst.patterns()).toEqual([]);
    expect((await analyst.agent.memory(id)).status).toBe('stored');
  });
});

describe('A pattern whose side flips', () => {
  it('gives way to the one of the other side', async () => {
    const analyst = analystIn('flip');
    await analyst.work(mixed(20, 20), { type: 'fix_bug' });
    await analyst.work(times(3, true), { agent: 'ann' });
    const success = await analyst.of('agent', 'ann');
    await analyst.work(times(6, false), { agent: 'ann' });
    const failure = await analyst.of('agent', 'ann');

    expect([success.pattern_type, failure.pattern_type]).toEqual(['success', 'failure']);
    expect(failure.pattern_id).not.toBe(success.pattern_id);
    expect((await analyst.agent.get(`/memory/patterns/${success.pattern_id}`)).status).toBe(404);
  });
});

describe('Feedback', () => {
  it('changes what is served', async () => {
    const analyst = analystIn('feedback');
    await analyst.work(mixed(7, 3));
    const before = await analyst.of('type', 'implement_api');
    const said = await analyst.feedback(before.pattern_id, { helpful: false }, 'ann');
    const after = await analyst.pattern(before.pattern_id);
    const { matching_patterns } = await analyst.context('next');
    const served = matching_patterns.find(
      ({ pattern_id }: Body) => pattern_id === before.pattern_id,
    );

    expect(said).toEqual({
      status: 'feedback_recorded',
      new_confidence: after.confidence_score,
    });
    expect(after.confidence_score).toBeLessThan(before.confidence_score);
    expect(after.updated_at > before.updated_at).toBe(true);
    expect(served?.confidence ?? 0).toBe(
      after.confidence_score >= 0.5 ? after.confidence_score : 0,
    );
    expect(after.evidence).toEqual(before.evidence);
    expect((await analyst.history(before.pattern_id)).at(-1)).toMatchObject({
      cause: 'pattern.feedback_given',
      confidence_score: after.confidence_score,
    });
  });

  it('counts the latest of each actor once, and everybody without a name', async () => {
    const analyst = analystIn('actors');
    await analyst.work(mixed(7, 3));
    const { pattern_id, confidence_score } = await analyst.of('type', 'implement_api');
    const tell = async (helpful: boolean, actor?: string): Promise<number> =>
      (await analyst.feedback(pattern_id, { helpful }, actor)).new_confidence;

    const once = await tell(false, 'ann');
    expect(await tell(false, 'ann')).toBe(once);
    expect(await tell(true, 'ann')).toBeGreaterThan(confidence_score);
    const first = await tell(false);
    expect(await tell(false)).toBeLessThan(first);
    const { basis } = await analyst.evidence(pattern_id);
    expect(basis.feedback).toMatchObject({ actors: 3, helpful: 1 });
  });

  it('given by many at once is exact for each', async () => {
    const analyst = analystIn('at-once');
    await analyst.work(mixed(7, 3));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const said = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        analyst.feedback(pattern_id, { helpful: true }, `actor-${String(n)}`),
      ),
    );
    const confidences = said.map(({ new_confidence }: Body) => new_confidence as number);

    expect(new Set(confidences).size).toBe(10);
    expect(Math.max(...confidences)).toBe((await analyst.pattern(pattern_id)).confidence_score);
  });

  it('under one key is given once, and answered alike', async () => {
    const analyst = analystIn('keyed');
    await analyst.work(mixed(7, 3));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const path = `/memory/patterns/${pattern_id}/feedback`;
    const say = (): Promise<Body> =>
      analyst.agent.post(path, { helpful: false }, { 'Idempotency-Key': 'k-1' });
    const first = await say();
    await analyst.feedback(pattern_id, { helpful: true });
    const again = await say();

    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await analyst.evidence(pattern_id)).basis.feedback.actors).toBe(2);
  });
});

describe('A retired pattern', () => {
  it('is out of service until it is restored, and goes on counting', async () => {
    const analyst = analystIn('retired');
    await analyst.work(times(5, true));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const decide = (verb: string, body: object = {}): Promise<Body> =>
      analyst.agent.post(`/memory/patterns/${pattern_id}/${verb}`, body);

    expect((await decide('retire', { reason: 'No more.' })).body).toEqual({
      pattern_id,
      status: 'retired',
    });
    expect((await decide('retire')).status).toBe(200);
    expect(await analyst.of('type', 'implement_api')).toBeUndefined();
    expect((await analyst.patterns('&status=retired'))[0].pattern_id).toBe(pattern_id);
    const { matching_patterns } = await analyst.context('next');
    const served = matching_patterns.map((pattern: Body) => pattern.pattern_id);
    expect(served).not.toContain(pattern_id);
    const refused = await decide('feedback', { helpful: true });
    expect([refused.status, refused.body.code]).toEqual([409, 'pattern.retired']);

    await analyst.work(times(5, true));
    expect((await decide('restore')).body.status).toBe('restored');
    expect(await analyst.of('type', 'implement_api')).toMatchObject({
      pattern_id,
      status: 'candidate',
      evidence: { successes: 10 },
    });
    const causes = (await analyst.history(pattern_id)).map(({ cause }: Body) => cause);
    expect(causes).toEqual(expect.arrayContaining(['pattern.retired', 'pattern.restored']));
  });
});

describe('A pattern that was retired', () => {
  it('stays so when repeats leave it without votes, and its key answers as at first', async () => {
    const analyst = analystIn('retired-null');
    await analyst.work(mixed(50, 50), { agent: 'others', type: 'fix_bug' });
    await analyst.work(times(40, true), { agent: 'ann' });
    const { pattern_id } = await analyst.of('agent', 'ann');
    const headers = { 'Idempotency-Key': 'retire-once' };
    const retire = (): Promise<Body> =>
      analyst.agent.post(`/memory/patterns/${pattern_id}/retire`, {}, headers);
    expect((await retire()).status).toBe(200);
    // The first task of ann again, and again: no votes, and a claim that holds no more.
    const [{ task_id }] = (await analyst.evidence(pattern_id)).items;
    await analyst.workOn(Array<string>(8).fill(task_id), times(8, false), { agent: 'ann' });
    expect((await analyst.pattern(pattern_id)).status).toBe('retired');

    await analyst.work(times(80, false), { agent: 'ann' });
    expect((await analyst.agent.get(`/memory/patterns/${pattern_id}`)).status).toBe(404);
    const again = await retire();
    expect([again.status, again.body]).toEqual([200, { pattern_id, status: 'retired' }]);
  });
});
