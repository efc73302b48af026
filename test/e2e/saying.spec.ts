import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/kernel/index.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, type Body } from './agent.js';
import { Analyst, times } from './analyst.js';

const DIFFERENT_WORDS = [
  'login',
  'cart',
  'search',
  'invoice',
  'upload',
  'profile',
  'export',
  'chat',
];

describe('What a pattern says', () => {
  let omoi: RunningApp;
  let agent: Agent;
  let analyst: Analyst;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());
  beforeEach(() => {
    agent = new Agent(omoi, newId());
    analyst = new Analyst(agent);
  });

  const timeout = (task_id: string): Promise<string> =>
    agent.remember(`The client gave up on ${task_id}`, {
      task_id,
      task: { type: 'call_api' },
      success: false,
      error_patterns: { error_type: 'Timeout', message: 'no answer in 30 s' },
    });
  const success = (task_id: string, summary: string): Promise<string> =>
    agent.remember(summary, { task_id, task: { type: 'call_api' }, tools: ['curl'] });
  const signature = (): Promise<Body> =>
    analyst.of('type_signature', 'call_api', 'Timeout no answer in #');
  const fixes = async (isSo: (summaries: string[]) => boolean): Promise<Body[]> => {
    const found = await eventually(signature, (pattern: Body) =>
      isSo((pattern?.recommended_context.fixes ?? []).map(({ summary }: Body) => summary)),
    );
    return found.recommended_context.fixes as Body[];
  };

  it('of an error is what the next success of a task did that had failed with it', async () => {
    for (const task of ['a', 'b', 'c']) await timeout(task);
    await success('other', 'Never failed');
    const mended = await success('b', 'Asked for pages of a hundred instead of everything');
    const found = await fixes((summaries) => summaries.length === 1);

    expect(found).toEqual([
      {
        memory_id: mended,
        task_id: 'b',
        summary: 'Asked for pages of a hundred instead of everything',
        tools: ['curl'],
      },
    ]);
    const { warnings } = await analyst.context('new', 'call_api');
    expect(warnings).toMatchObject([{ fixes: found }]);
    const { text } = await agent.get('/memory/tasks/new/context?format=text');
    expect(text).toContain('Then it was mended: Asked for pages of a hundred');
  });

  it('of an error is no success after which the task failed in the same way again', async () => {
    for (const task of ['a', 'b', 'c']) await timeout(task);
    await success('a', 'Tried again');
    await success('b', 'Raised the limit');
    await timeout('a');

    expect(
      await fixes((summaries) => summaries.length === 1 && summaries[0] === 'Raised the limit'),
    ).toHaveLength(1);
  });

  it('is told by phrases that successes have and failures have not', async () => {
    const executions = Array.from({ length: 80 }, (_, n) => {
      const [about, isGood] = [DIFFERENT_WORDS[n % 8] ?? '', n % 2 === 0];
      const how = isGood ? 'and wrote a failing test first' : 'and guessed what was wrong';
      return {
        task_id: `task-${String(n)}`,
        task: { type: 'fix_bug' },
        execution_summary: `Looked at the ${about} code ${how}`,
        success: isGood,
        tools: [isGood ? 'jest' : 'editor'],
      };
    });
    await agent.post('/memory/store/batch', { executions });
    const found = await eventually(
      () => analyst.of('type', 'fix_bug'),
      (pattern: Body) => pattern?.success_indicators.length > 0,
    );

    expect(found.success_indicators.join(', ')).toContain('failing test');
    expect(found.failure_indicators.join(', ')).toContain('guessed');
    const { summaries, tools } = found.recommended_context;
    expect(summaries.length).toBeGreaterThan(0);
    expect(summaries[0].summary).toContain('test first');
    expect(tools).toEqual([{ name: 'jest', executions: 31, success_rate: 1 }]);
  });

  it('is told of tools by how often they succeed among all, of which some are looked at', async () => {
    await analyst.work(times(21, false), { type: 'fix_bug', tools: ['git'] });
    await analyst.work(times(300, true), { type: 'fix_bug', tools: ['git'] });
    const { recommended_context } = await eventually(
      () => analyst.of('type', 'fix_bug'),
      (pattern: Body) => pattern?.recommended_context.looked_at === 200,
    );
    // Described are the first 315: 21 failures, and 200 of 294 successes are looked at.
    const [git] = recommended_context.tools as Body[];

    expect(git).toMatchObject({ name: 'git', executions: 221 });
    expect(git?.success_rate).toBeCloseTo(294 / 315, 9);
  });

  it('of a type is split by topic, where its successes are about several things', async () => {
    const did = (n: number): string =>
      n % 2 === 0
        ? `Added an index for the ${DIFFERENT_WORDS[n % 8] ?? ''} query ${n}`
        : `Raised the timeout of the ${DIFFERENT_WORDS[n % 8] ?? ''} client ${n}`;
    for (let n = 0; n < 27; n += 1) await success(`t${n}`, did(n));
    // Said of fewer before.
    const { recommended_context } = await eventually(
      () => analyst.of('type', 'call_api'),
      (pattern: Body) => pattern?.recommended_context.looked_at === 27,
    );
    const topics = recommended_context.topics as Body[];

    expect(topics.map(({ executions }) => executions)).toEqual([14, 13]);
    expect(topics[0]).toMatchObject({ summary: expect.stringContaining('index') });
    expect(topics[0]?.phrases.join()).toContain('index');
    expect(topics[1]?.phrases.join()).toContain('timeout');
  });

  it('is gone with the memory it was taken from', async () => {
    const memories: string[] = [];
    for (const n of [1, 2, 3]) {
      memories.push(
        await agent.remember(`Xylophone number ${String(n)}`, {
          task_id: `t${String(n)}`,
          task: { type: 'play' },
        }),
      );
    }
    const summaries = async (): Promise<string> =>
      JSON.stringify((await analyst.of('type', 'play'))?.recommended_context);
    await eventually(summaries, (said) => said.includes('Xylophone'));
    for (const id of memories)
      expect((await agent.delete(`/memory/executions/${id}`)).status).toBe(204);

    const patterns = await analyst.patterns();
    expect(JSON.stringify(patterns)).not.toContain('Xylophone');
  });

  it('is nothing while there is too little to say', async () => {
    await agent.remember('Did it', { task_id: 'one', task: { type: 'rare' } });

    expect(await analyst.of('type', 'rare')).toMatchObject({
      success_indicators: [],
      failure_indicators: [],
      recommended_context: {},
    });
  });
});
