import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';
import { Analyst, coin, mixed, times } from './analyst.js';

let omoi: RunningApp;

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

/** The names that the route gives to what it counts. */
type Numbers = Readonly<
  Record<
    'held' | 'out_of' | 'prior' | 'prior_weight' | 'weight' | 'helpful' | 'actors' | 'adjustment',
    number
  >
>;

/** Every number of a pattern, worked out from what stands behind it. */
function recomputed({ basis, items, suggestion_ids }: Body): Body {
  const { held, out_of, prior, prior_weight } = basis as Numbers;
  const { weight, helpful, actors, adjustment } = basis.feedback as Numbers;
  const successes = items.filter(({ success }: Body) => success).length;
  const weighed = held + prior_weight * prior + weight * helpful;
  const all = out_of + prior_weight + weight * actors;
  const confidence = Math.min(1, Math.max(0, weighed / all + adjustment));
  const width = 1.645 * Math.sqrt((confidence * (1 - confidence)) / (all + 1));

  return {
    confidence_score: confidence,
    low: Math.max(0, confidence - width),
    high: Math.min(1, confidence + width),
    usage_count: suggestion_ids.length,
    evidence: {
      successes,
      failures: items.length - successes,
      distinct_tasks: new Set(items.map(({ task_id }: Body) => task_id)).size,
      first_at: items[0].at,
      last_at: items.at(-1).at,
    },
  };
}

/** How many of the items the claim held for: all of a signature's are failures that show it. */
const heldIn = ({ items, pattern_type }: Body): number =>
  items.filter(({ success }: Body) => success === (pattern_type === 'success')).length;

describe('Every number of a pattern', () => {
  it('can be worked out from its evidence alone', async () => {
    const analyst = new Analyst(new Agent(omoi, 'numbers'));
    const toss = coin(3);
    await analyst.work(mixed(50, 20), { agent: 'ann', tags: ['a'], tools: ['t'] });
    await analyst.work(times(12, false), { agent: 'bob', error: 'ENOENT: no such file' });
    await analyst.work(Array.from({ length: 30 }, toss), {
      agent: 'cy',
      type: 'fix_bug',
      error: 'Timeout of 3 s',
    });
    const [revoked] = await analyst.work([true], { agent: 'ann' });
    await analyst.agent.post(`/memory/executions/${revoked}/revoke`, { reason: 'No.' });
    await analyst.agent.post('/memory/patterns/extract', {
      task_type_pattern: '^(fix|implement)_',
    });
    const listed = await analyst.patterns();
    for (const [index, { pattern_id }] of listed.slice(0, 6).entries()) {
      await analyst.feedback(pattern_id, { helpful: index % 2 === 0, confidence_adjustment: 0.05 });
    }
    await analyst.context('next');
    await analyst.context('next-2', 'fix_bug');

    const kinds = new Set<string>();
    for (const { pattern_id } of listed) {
      const pattern = await analyst.pattern(pattern_id);
      const evidence = await analyst.evidence(pattern_id);
      const { low, high, confidence_score, ...counts } = recomputed(evidence);
      kinds.add(pattern.definition[0]);
      expect(pattern.confidence_score).toBeCloseTo(confidence_score, 12);
      expect(pattern.confidence_interval.low).toBeCloseTo(low, 12);
      expect(pattern.confidence_interval.high).toBeCloseTo(high, 12);
      expect(pattern).toMatchObject(counts);
      expect(evidence.basis.held).toBe(heldIn(evidence));
      expect(evidence).toMatchObject(pattern);
    }
    expect([...kinds].sort()).toEqual([
      'agent',
      'agent_type',
      'agent_type_signature',
      'extracted',
      'prefix',
      'type',
      'type_signature',
      'type_tag',
      'type_tool',
    ]);
  });
});

describe('The evidence of a pattern', () => {
  it('is paged, oldest first, each execution once', async () => {
    const analyst = new Analyst(new Agent(omoi, 'paged'));
    const ids = await analyst.work(mixed(20, 5));
    const { pattern_id } = await analyst.of('type', 'implement_api');
    const seen: string[] = [];
    let cursor = '';
    do {
      const path = `/memory/patterns/${pattern_id}/evidence?limit=10${cursor}`;
      const { body } = await analyst.agent.get(path);
      seen.push(...body.items.map(({ memory_id }: Body) => memory_id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');

    expect(seen).toEqual(ids);
  });
});

describe('A prediction', () => {
  it('is the rate of agent and type, blended with the task itself, and says so', async () => {
    const analyst = new Analyst(new Agent(omoi, 'predict'));
    await analyst.work(mixed(6, 2), { agent: 'ann' });
    await analyst.work(times(4, false), { agent: 'bob' });
    await analyst.workOn(['stubborn'], [false], { agent: 'ann' });
    const predict = async (asked: object): Promise<Body> =>
      (await analyst.agent.post('/memory/predict', { task_type: 'implement_api', ...asked })).body;
    const [ann, bob, nobody] = [
      await predict({ agent_id: 'ann' }),
      await predict({ agent_id: 'bob' }),
      await predict({}),
    ];

    expect(bob.probability).toBeLessThan(nobody.probability);
    expect(nobody.probability).toBeLessThan(ann.probability);
    expect(ann.basis).toEqual([
      '6 of 9 executions of implement_api by agent ann succeeded.',
      '6 of 9 executions of agent ann succeeded.',
      '6 of 13 executions of implement_api succeeded.',
      '6 of 13 executions of all kinds of implement succeeded.',
      '6 of 13 executions of all tasks succeeded.',
    ]);
    const again = await predict({ agent_id: 'ann', task_id: 'stubborn' });
    expect(again.probability).toBeLessThan(ann.probability);
    expect(again.probability).toBeCloseTo((0 + 3 * ann.probability) / (1 + 3), 12);
    expect(again.basis[0]).toBe('0 of 1 executions of this task succeeded.');
    for (const { probability, interval } of [ann, bob, nobody, again]) {
      expect(interval.low).toBeLessThanOrEqual(probability);
      expect(interval.high).toBeGreaterThanOrEqual(probability);
    }
  });

  it('for an agent nobody knows is between the type and all tasks', async () => {
    const analyst = new Analyst(new Agent(omoi, 'unknown-agent'));
    await analyst.work(times(10, true));
    await analyst.work(times(10, false), { type: 'fix_bug' });
    const { body } = await analyst.agent.post('/memory/predict', {
      task_type: 'implement_api',
      agent_id: 'new',
    });

    expect(body.probability).toBeGreaterThan(0.5);
    expect(body.probability).toBeLessThan(0.9);
    const empty = new Analyst(new Agent(omoi, 'nothing'));
    const nothing = await empty.agent.post('/memory/predict', { task_type: 'x' });
    expect(nothing.body).toMatchObject({ probability: 0.5, basis: [] });
  });

  it('names the extracted patterns that match a description, and does not rest on them', async () => {
    const analyst = new Analyst(new Agent(omoi, 'described'));
    await analyst.work(times(4, true), { description: 'Add the login page' });
    await analyst.agent.post('/memory/patterns/extract', { task_type_pattern: 'login' });
    const predict = async (task_description: string | null): Promise<Body> =>
      (await analyst.agent.post('/memory/predict', { task_type: 'other', task_description })).body;
    const described = await predict('Mend the login of the shop');

    expect(described.basis).toContain('4 of 4 executions of tasks that match login succeeded.');
    expect(described.probability).toBe((await predict(null)).probability);
  });
});
