import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/kernel/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';
import { Analyst, mixed, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

describe('Ten similar tasks', () => {
  it('make a pattern by themselves, with honest confidence', async () => {
    const analyst = analystIn('ten');
    await analyst.work(times(3, true), { tools: ['pytest'] });
    const three = await analyst.of('type', 'implement_api');
    expect(three).toMatchObject({
      pattern_type: 'success',
      task_type_pattern: '^implement_api$',
      status: 'candidate',
      says: 'Not proven yet: 3 of 3 executions of implement_api succeeded.',
      usage_count: 0,
      evidence: { successes: 3, failures: 0, distinct_tasks: 3 },
    });

    await analyst.work(times(7, true), { tools: ['pytest'] });
    const ten = await analyst.of('type', 'implement_api');
    expect(Object.keys(ten).sort()).toEqual(
      [
        ...['pattern_id', 'pattern_type', 'task_type_pattern', 'definition', 'parents'],
        ...['status', 'says'],
        ...['success_indicators', 'failure_indicators', 'recommended_context'],
        ...['confidence_score', 'confidence_interval', 'evidence', 'usage_count', 'uplift'],
        ...['created_at', 'updated_at'],
      ].sort(),
    );
    expect(ten.pattern_id).toBe(three.pattern_id);
    expect(ten.evidence).toMatchObject({ successes: 10, failures: 0, distinct_tasks: 10 });
    expect(ten.confidence_score).toBeGreaterThan(three.confidence_score);
    expect(ten.confidence_score).toBeLessThan(1);
    expect(ten.confidence_interval.low).toBeLessThan(ten.confidence_score);
    expect(ten.created_at).toBe(three.created_at);
  });

  it('are surer than five, and failures in between make it fall', async () => {
    const analyst = analystIn('rising');
    const confidences: number[] = [];
    for (const outcomes of [times(3, true), times(2, true), times(5, true), times(2, false)]) {
      await analyst.work(outcomes);
      confidences.push((await analyst.of('type', 'implement_api')).confidence_score);
    }
    const [three = 0, five = 0, ten = 0, less = 1] = confidences;

    expect(three).toBeLessThan(five);
    expect(five).toBeLessThan(ten);
    expect(less).toBeLessThan(ten);
  });

  it('are served to the next one, which counts as a use', async () => {
    const analyst = analystIn('served');
    await analyst.work(times(10, true));
    const before = await analyst.of('type', 'implement_api');
    const unrecorded = await analyst.context('next', 'implement_api', '?record=false');
    expect((await analyst.pattern(before.pattern_id)).usage_count).toBe(0);

    const context = await analyst.context('next');
    const served = context.matching_patterns.find(
      ({ pattern_id }: Body) => pattern_id === before.pattern_id,
    );
    expect(served).toEqual({
      pattern_id: before.pattern_id,
      pattern_type: 'success',
      status: 'candidate',
      confidence: before.confidence_score,
      says: before.says,
      success_indicators: [],
      failure_indicators: [],
      recommended_context: before.recommended_context,
    });
    expect(before.recommended_context.looked_at).toBe(8);
    expect(context.recommendations).toContain(before.says);
    expect(unrecorded.matching_patterns).toEqual(context.matching_patterns);

    const after = await analyst.pattern(before.pattern_id);
    expect(after.usage_count).toBe(1);
    expect(after.updated_at > before.updated_at).toBe(true);
    const { suggestion_ids } = await analyst.evidence(before.pattern_id);
    expect(suggestion_ids).toEqual([context.suggestion_id]);
  });
});

describe('A pattern that is wider than others', () => {
  it('lists those one step narrower, and they name it', async () => {
    const analyst = analystIn('wider');
    await analyst.work(times(3, true), { type: 'fix_api' });
    await analyst.work(times(3, true), { type: 'fix_console', tools: ['git'] });
    await analyst.work(times(3, true), { type: 'deploy' });
    const prefix = await analyst.of('prefix', 'fix');
    const type = await analyst.of('type', 'fix_console');
    const under = async (id: string): Promise<unknown[]> =>
      (await analyst.patterns(`&parent=${id}`)).map(({ definition }) => definition);

    expect(await under(prefix.pattern_id)).toEqual(
      expect.arrayContaining([
        ['type', 'fix_api'],
        ['type', 'fix_console'],
      ]),
    );
    expect(await under(prefix.pattern_id)).toHaveLength(2);
    expect(await under(type.pattern_id)).toEqual([['type_tool', 'fix_console', 'git']]);
    expect(type.parents).toEqual([['prefix', 'fix']]);
    expect(prefix.parents).toEqual([['root']]);
  });

  it("is known, and of one's own namespace", async () => {
    const { body } = await analystIn('wider').agent.get(`/memory/patterns?parent=${newId()}`);

    expect(body).toMatchObject({ status: 404, code: 'pattern.unknown' });
  });
});

describe('A context', () => {
  it('names active patterns before candidates, and of each at most three', async () => {
    const analyst = analystIn('order');
    await analyst.work(times(30, true), { agent: 'ann', tools: ['a', 'b'], tags: ['x', 'y'] });
    await analyst.work(times(30, false), { agent: 'bob' });
    const { matching_patterns, warnings, recommendations } = await analyst.context('next');
    const statuses = matching_patterns.map(({ status }: Body) => status);

    expect(matching_patterns).toHaveLength(3);
    expect(statuses).toEqual([...statuses].sort());
    expect(statuses[0]).toBe('active');
    expect(matching_patterns.every(({ confidence }: Body) => confidence >= 0.5)).toBe(true);
    expect(warnings.length).toBeLessThanOrEqual(3);
    expect(recommendations.length).toBeLessThanOrEqual(3);
  });

  it('says of a candidate that it is not proven yet, and nothing of one with two tasks', async () => {
    const analyst = analystIn('candidates');
    await analyst.work(times(2, true));
    expect(await analyst.context('two')).toMatchObject({ matching_patterns: [], abstained: true });

    await analyst.work(times(1, true));
    const { matching_patterns, abstained } = await analyst.context('three');
    expect(abstained).toBe(false);
    expect(matching_patterns[0].says).toContain('Not proven yet: 3 of 3');
  });

  it('reads as one short text, ready for a prompt', async () => {
    const analyst = analystIn('text');
    await analyst.work(times(4, true));
    await analyst.work(times(3, false), { error: 'ENOENT: no such file, open fixture.json' });
    await analyst.agent.post('/tasks', { id: 'next', type: 'implement_api' });
    const { text, type } = await analyst.agent.get('/memory/tasks/next/context?format=text');

    expect(type).toBe('text/plain');
    expect(text).toContain('Went wrong before:\n- 3 of 3 failures of implement_api showed "ENOENT');
    expect(text).not.toMatch(/[{}]/);
    const { text: nothing } = await analystIn('silence')
      .agent.post('/tasks', { id: 'next', type: 'implement_api' })
      .then(() =>
        analystIn('silence').agent.get('/memory/tasks/next/context?format=text&record=false'),
      );
    expect(nothing).toMatch(/^No advice: /);
  });
});

describe('A failure pattern', () => {
  it('warns with the error that several tasks met', async () => {
    const analyst = analystIn('warning');
    for (const file of ['a.json', 'b.json']) {
      await analyst.work([false], {
        error: `ENOENT: no such file or directory, open 'test/${file}'`,
      });
    }
    await analyst.work(mixed(6, 2), { error: 'Timeout of 5000 ms exceeded' });
    expect((await analyst.context('early')).warnings).toEqual([]);

    await analyst.work([false], { error: "ENOENT: no such file or directory, open 'x/c.json'" });
    const { warnings } = await analyst.context('late');
    expect(warnings).toHaveLength(1);
    const [{ text, pattern_id }] = warnings;
    expect(text).toContain('3 of 5 failures of implement_api showed "ENOENT');
    const pattern = await analyst.pattern(pattern_id);
    expect(pattern).toMatchObject({
      pattern_type: 'failure',
      status: 'active',
      evidence: { successes: 0, failures: 3, distinct_tasks: 3 },
    });
    expect((await analyst.pattern(pattern_id)).usage_count).toBe(1);
  });

  it('of a signature becomes less likely as other failures come in, though it is not touched', async () => {
    const analyst = analystIn('share');
    await analyst.work(times(3, false), { error: 'ENOENT: no such file' });
    const [before] = (await analyst.patterns('&pattern_type=failure')).filter(
      ({ definition }: Body) => definition[0] === 'type_signature',
    );
    await analyst.work(times(3, false), { error: 'Timeout exceeded' });
    const after = await analyst.pattern(before.pattern_id);

    expect(after.confidence_score).toBeLessThan(before.confidence_score);
    expect(after.evidence).toEqual(before.evidence);
    expect(after.says).toContain('3 of 6 failures');
  });
});

describe('A list of patterns', () => {
  it('is in falling order of the lower bound, ties by use and id, whole through its pages', async () => {
    const analyst = analystIn('list');
    await analyst.work(mixed(9, 3), { agent: 'ann', tags: ['a', 'b', 'c'], tools: ['x', 'y'] });
    await analyst.work(mixed(2, 4), { agent: 'bob', type: 'fix_bug', error: 'Timeout exceeded' });
    const all = await analyst.patterns();
    const lows = all.map(({ confidence_interval }: Body) => confidence_interval.low);
    expect(lows).toEqual([...lows].sort((a, b) => b - a));

    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await analyst.agent.get(`/memory/patterns?limit=3${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(3);
      ids.push(...body.items.map(({ pattern_id }: Body) => pattern_id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    expect(ids).toEqual(all.map(({ pattern_id }: Body) => pattern_id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.some(({ definition }: Body) => definition[0] === 'root')).toBe(false);
  });

  it('narrows to what matches a type, to a side, a status and a confidence', async () => {
    const analyst = analystIn('narrow');
    await analyst.work(times(4, true), { agent: 'ann', tags: ['a'] });
    await analyst.work(times(4, false), { type: 'fix_bug' });
    const kinds = async (query: string): Promise<string[]> =>
      (await analyst.patterns(query)).map(({ definition }: Body) => definition.join(' ')).sort();

    expect(await kinds('&task_type=implement_api')).toEqual([
      'agent ann',
      'agent_type ann implement_api',
      'prefix implement',
      'type implement_api',
      'type_tag implement_api a',
    ]);
    expect(await kinds('&task_type=implement_page')).toEqual(['agent ann', 'prefix implement']);
    expect(await kinds('&pattern_type=failure')).toEqual(['prefix fix', 'type fix_bug']);
    expect(await kinds('&status=retired')).toEqual([]);
    const sure = await analyst.patterns('&min_confidence=0.9');
    expect(sure.every(({ confidence_score }: Body) => confidence_score >= 0.9)).toBe(true);
  });

  it('of one tenant shows nothing of another', async () => {
    const analyst = analystIn('mine');
    await analyst.work(times(4, true));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const stranger = analystIn('theirs');

    expect(await stranger.patterns()).toEqual([]);
    for (const path of ['', '/evidence', '/history']) {
      const { status, body } = await stranger.agent.get(`/memory/patterns/${pattern_id}${path}`);
      expect([status, body.code]).toEqual([404, 'pattern.unknown']);
    }
    await stranger.work(times(4, true));
    expect((await stranger.of('type', 'implement_api')).pattern_id).not.toBe(pattern_id);
  });
});
