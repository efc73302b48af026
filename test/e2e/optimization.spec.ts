import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';
import { Analyst, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const RIPGREP = ['type_tool', 'implement_api', 'ripgrep'] as const;

/** Thirty-six runs of 40 to 90 seconds and as many cents, none of them with ripgrep. */
async function usual(analyst: Analyst): Promise<void> {
  for (const n of [40, 50, 60, 70, 80, 90]) {
    const work = { tools: ['grep'], duration_ms: n * 1_000, cost_usd: n / 100 };
    await analyst.work(times(6, true), work);
  }
}

describe('A faster tool', () => {
  let analyst: Analyst;
  let faster: Body;
  let memories: string[];

  beforeAll(async () => {
    analyst = analystIn('faster');
    await usual(analyst);
    memories = await analyst.work(times(20, true), { tools: ['ripgrep'], duration_ms: 12_000 });
    await analyst.work(times(2, false), { tools: ['ripgrep'], duration_ms: 12_000 });
    faster = await analyst.of('faster', ...RIPGREP);
  });

  it('becomes an optimization', () => {
    expect(faster).toMatchObject({
      pattern_type: 'optimization',
      status: 'active',
      task_type_pattern: '^implement_api$',
      evidence: { successes: 20, failures: 2, distinct_tasks: 22 },
    });
    expect(faster.says).toMatch(
      /^20 of 22 executions of implement_api with the tool ripgrep succeeded faster than the median, now about \d+ s\.$/,
    );
  });

  it('is listed among optimizations, and nothing that is not one', async () => {
    const listed = await analyst.patterns('&pattern_type=optimization');

    expect(listed[0]).toEqual(faster);
    expect(listed.every(({ pattern_type }: Body) => pattern_type === 'optimization')).toBe(true);
    // What all others are compared with is no pattern, and the slower tool no more than a candidate.
    const active = listed.filter(({ status }: Body) => status === 'active');
    expect(active).toHaveLength(1);
    expect(listed.map(({ definition }: Body) => definition.slice(1))).not.toContainEqual([
      'type',
      'implement_api',
    ]);
  });

  it('shows each execution behind it, and whether it was faster', async () => {
    const { items, basis } = await analyst.evidence(faster.pattern_id);

    expect(items).toHaveLength(22);
    expect(items.filter(({ held }: Body) => held)).toHaveLength(20);
    expect(items.every(({ held, success }: Body) => held === success)).toBe(true);
    expect(basis).toMatchObject({ held: 20, out_of: 22 });
  });

  it('says when it was proven, and what it was before', async () => {
    const changes = await analyst.history(faster.pattern_id);
    const { position } = changes.find(({ status }: Body) => status === 'active');
    const at = async (asOf: number): Promise<Body> =>
      (await analyst.agent.get(`/memory/patterns/${faster.pattern_id}?as_of=${String(asOf)}`)).body;

    expect(changes[0].status).toBe('candidate');
    expect((await at(position - 1)).status).toBe('candidate');
    expect((await at(position - 1)).says).toMatch(/^Not proven yet: .* now about \d+ s\.$/);
    expect((await at(position)).status).toBe('active');
    expect(await at(1e9)).toEqual(await analyst.pattern(faster.pattern_id));
  });

  it('is served to who begins a task of the type', async () => {
    const { matching_patterns, abstained } = await analyst.context('next');

    expect(abstained).toBe(false);
    expect(matching_patterns[0]).toMatchObject({
      pattern_id: faster.pattern_id,
      pattern_type: 'optimization',
      status: 'active',
      says: faster.says,
    });
    const { matching_patterns: elsewhere } = await analyst.context('other', 'fix_bug');
    expect(elsewhere).toEqual([]);
    expect(await analyst.pattern(faster.pattern_id)).toMatchObject({ usage_count: 1 });
  });

  it('is nothing that a prediction rests on', async () => {
    const asked = { task_type: 'implement_api' };
    const { basis } = (await analyst.agent.post('/memory/predict', asked)).body;

    expect(basis.join()).toContain('56 of 58');
    expect(basis.join()).not.toContain('faster');
  });

  it('hears what people say, and is out of service when they say so', async () => {
    const id: string = faster.pattern_id;
    const said = await analyst.feedback(id, { helpful: false }, 'mika');
    expect(said.new_confidence).toBeLessThan(faster.confidence_score);
    expect(await analyst.pattern(id)).toMatchObject({ confidence_score: said.new_confidence });

    await analyst.agent.post(`/memory/patterns/${id}/retire`, {});
    expect((await analyst.context('retired')).matching_patterns).not.toContainEqual(
      expect.objectContaining({ pattern_id: id }),
    );
    await analyst.agent.post(`/memory/patterns/${id}/restore`, {});
    expect(await analyst.pattern(id)).toMatchObject({ status: 'active' });
  });

  it('no longer counts what is revoked or erased', async () => {
    const [first, second] = memories;
    await analyst.agent.post(`/memory/executions/${String(first)}/revoke`, { reason: 'wrong' });
    await analyst.agent.delete(`/memory/executions/${String(second)}`);

    expect(await analyst.pattern(faster.pattern_id)).toMatchObject({
      evidence: { successes: 18, failures: 2, distinct_tasks: 20 },
    });
  });
});

describe('A cheaper tool', () => {
  it('becomes an optimization of its own', async () => {
    const analyst = analystIn('cheaper');
    await usual(analyst);
    await analyst.work(times(20, true), {
      tools: ['ripgrep'],
      cost_usd: 0.02,
      duration_ms: 500_000,
    });

    expect(await analyst.of('cheaper', ...RIPGREP)).toMatchObject({
      pattern_type: 'optimization',
      status: 'active',
      says: expect.stringMatching(/succeeded for less than the median, now about \$0\.\d+\.$/),
    });
    expect(await analyst.of('faster', ...RIPGREP)).toMatchObject({
      status: 'candidate',
      evidence: { successes: 0, failures: 20 },
    });
  });
});

describe('A tool of which neither time nor cost is known', () => {
  it('is no optimization', async () => {
    const analyst = analystIn('unknown');
    await analyst.work(times(30, true), { tools: ['ripgrep'] });

    expect(await analyst.patterns('&pattern_type=optimization')).toEqual([]);
  });
});

describe('An optimization', () => {
  it('is not extracted by a regex', async () => {
    const { agent } = analystIn('asked');
    const asked = { task_type_pattern: 'login', pattern_type: 'optimization' };
    const answer = await agent.post('/memory/patterns/extract', asked);

    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(['pattern_type']);
  });
});
