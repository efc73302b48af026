import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../src/event-store/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { pathsIn, readSvg, textsIn, type Drawn } from '../support/svg.js';
import { Agent, fieldsOf } from './agent.js';
import { Analyst, mixed, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const head = async (): Promise<string> => String(await omoi.app.get(EventStore).head());

/** The plot as it went over the wire. */
async function plotted({ agent }: Analyst, id: string, query = ''): Promise<string> {
  const { status, body } = await agent.get(`/memory/patterns/${id}/history.svg${query}`);
  expect(status).toBe(200);

  return String(body);
}

const wordsIn = (svg: Drawn): string[] => textsIn(svg, 'text');

describe('The plot of how a pattern changed', () => {
  it('shows activation, demotion, feedback, retirement and restoration', async () => {
    const analyst = analystIn('story');
    await analyst.work(mixed(20, 20), { agent: 'bob' });
    await analyst.work(times(24, true), { agent: 'ann' });
    const { pattern_id: id } = await analyst.of('agent_type', 'ann', 'implement_api');
    await analyst.feedback(id, { helpful: false }, 'mika');
    await analyst.work(times(8, false), { agent: 'ann' });
    await analyst.agent.post(`/memory/patterns/${id}/retire`, {});
    await analyst.agent.post(`/memory/patterns/${id}/restore`, {});
    const pattern = await analyst.pattern(id);
    const svg = readSvg(await plotted(analyst, id));

    const marks = ['active', 'found unhelpful', 'demoted', 'retired', 'restored as candidate'];
    expect(wordsIn(svg).filter((words) => marks.includes(words))).toEqual(marks);
    expect(textsIn(svg, 'title')).toEqual([pattern.says]);
    expect(wordsIn(svg)).toContain(pattern.confidence_score.toFixed(2));
    expect(pathsIn(svg, 'line').flat().length).toBeGreaterThan(32);
  });

  it('is a picture that may do nothing', async () => {
    const analyst = analystIn('headers');
    await analyst.work(times(3, true));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const { headers } = await analyst.agent.get(`/memory/patterns/${id}/history.svg`);

    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^image\/svg\+xml/),
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; sandbox$/,
      ),
    });
  });

  it('is to the byte the same again, and as of then what it was then', async () => {
    const analyst = analystIn('then');
    const before = await head();
    await analyst.work(mixed(6, 2), { agent: 'ann' });
    const { pattern_id: id } = await analyst.of('agent', 'ann');
    const [position, then] = [await head(), await plotted(analyst, id)];
    await analyst.work(times(5, true), { agent: 'ann' });
    await analyst.feedback(id, { helpful: true });
    const now = await plotted(analyst, id);

    expect(now).not.toBe(then);
    expect(await plotted(analyst, id)).toBe(now);
    expect(await plotted(analyst, id, `?as_of=${position}`)).toBe(then);
    expect(await plotted(analyst, id, '?as_of=9999-12-31T23:59:59Z')).toBe(now);
    const early = await analyst.agent.get(`/memory/patterns/${id}/history.svg?as_of=${before}`);
    expect([early.status, early.body.code]).toEqual([404, 'pattern.unknown']);
  });

  it('is bounded', async () => {
    const analyst = analystIn('long');
    for (let round = 0; round < 3; round += 1) await analyst.work(mixed(180, 120));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const [line = []] = pathsIn(readSvg(await plotted(analyst, id)), 'line');

    expect(line.length).toBeGreaterThan(100);
    expect(line.length).toBeLessThan(250);
  });

  it('holds hostile names as words', async () => {
    const analyst = analystIn('hostile');
    const agent = '"><script>alert(1)</script>&x;<a b=\'';
    await analyst.work(times(3, true), { agent, type: '</title><image href="x"/>' });
    for (const { pattern_id: id, says } of await analyst.patterns()) {
      const text = await plotted(analyst, id);
      expect(textsIn(readSvg(text), 'title')).toEqual([says]);
      expect(text).not.toMatch(/<(script|image|a)\b/);
    }
  });

  it('is there for nobody else, and for no pattern that is not', async () => {
    const analyst = analystIn('mine');
    await analyst.work(times(3, true));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const nowhere = [
      await analystIn('theirs').agent.get(`/memory/patterns/${id}/history.svg`),
      await analyst.agent.get('/memory/patterns/no-such-pattern/history.svg'),
      await analyst.agent.get(`/memory/patterns/${crypto.randomUUID()}/history.svg`),
    ];

    expect(nowhere.map(({ status, type, body }) => [status, type, body.code])).toEqual(
      nowhere.map(() => [404, 'application/problem+json', 'pattern.unknown']),
    );
  });

  it('is as of a position or a time, and has no pages', async () => {
    const { agent } = analystIn('mine');
    const path = '/memory/patterns/any/history.svg';
    const refused = [
      await agent.get(`${path}?as_of=yesterday`),
      await agent.get(`${path}?limit=2`),
    ];

    expect(refused.map((response) => [response.status, fieldsOf(response)])).toEqual([
      [422, ['as_of']],
      [422, ['limit']],
    ]);
  });
});
