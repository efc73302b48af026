import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../src/event-store/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';
import { Analyst, mixed, times } from './analyst.js';

let omoi: RunningApp;
const analystIn = (namespace: string): Analyst => new Analyst(new Agent(omoi, namespace));

beforeAll(async () => {
  omoi = await startApp();
});
afterAll(() => omoi.stop());

const ROUTES = ['', '/evidence', '/history'];

/** The end of the log. */
const head = async (): Promise<string> => String(await omoi.app.get(EventStore).head());

/** What the three routes answer. */
const answers = (
  { agent }: Analyst,
  id: string,
  asOf: string | null = null,
): Promise<{ status: number; body: Body }[]> =>
  Promise.all(
    ROUTES.map(async (route) => {
      const query = asOf === null ? '' : `?as_of=${encodeURIComponent(asOf)}`;
      const { status, body } = await agent.get(`/memory/patterns/${id}${route}${query}`);
      return { status, body };
    }),
  );

const statuses = (found: readonly { status: number }[]): number[] =>
  found.map(({ status }) => status);

/** Every item of a list as of a moment, two at a time. */
async function paged({ agent }: Analyst, path: string, asOf: string): Promise<Body[]> {
  const found: Body[] = [];
  let cursor = '';
  do {
    const { body } = await agent.get(`${path}?limit=2&as_of=${asOf}${cursor}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    found.push(...body.items);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');

  return found;
}

describe('A pattern as of an earlier moment', () => {
  it('is what it was then, with its evidence and its history, whatever happened since', async () => {
    const analyst = analystIn('story');
    const { agent } = analyst;
    const before = await head();
    await analyst.work(mixed(6, 6), { agent: 'bob' });
    const ids = await analyst.work(mixed(6, 2), { agent: 'ann' });
    const { pattern_id: id } = await analyst.of('agent', 'ann');
    const path = `/memory/patterns/${id}`;
    const moments: { position: string; then: { status: number; body: Body }[] }[] = [];
    const remember = async (): Promise<void> => {
      const then = await answers(analyst, id);
      expect(statuses(then)).toEqual([200, 200, 200]);
      moments.push({ position: await head(), then });
    };

    await remember();
    await agent.post(`/memory/executions/${ids[0]}/revoke`, { reason: 'Reported wrongly.' });
    await remember();
    await analyst.feedback(id, { helpful: false, confidence_adjustment: -0.1 }, 'mika');
    await remember();
    await agent.post(`${path}/retire`, {});
    await remember();
    await agent.post(`${path}/restore`, {});
    await analyst.work(times(9, true), { agent: 'ann' });
    await analyst.feedback(id, { helpful: true }, 'mika');
    await remember();

    const told = moments.map(({ then }) => JSON.stringify(then[0]?.body));
    expect(new Set(told).size).toBe(moments.length);
    for (const { position, then } of moments) {
      const [pattern, evidence, history] = then;
      expect(await answers(analyst, id, position)).toEqual(then);
      expect(await answers(analyst, id, pattern?.body.updated_at)).toEqual(then);
      expect(await paged(analyst, `${path}/evidence`, position)).toEqual(evidence?.body.items);
      expect(await paged(analyst, `${path}/history`, position)).toEqual(history?.body.items);
    }
    expect(statuses(await answers(analyst, id, before))).toEqual([404, 404, 404]);
  });

  it('counts the contexts that had served it by then', async () => {
    const analyst = analystIn('served');
    await analyst.work(times(5, true));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const then = [];
    for (const task of ['first', 'second']) {
      then.push({ position: await head(), answers: await answers(analyst, id) });
      await analyst.context(task);
    }

    for (const [nth, { position, answers: were }] of then.entries()) {
      const found = await answers(analyst, id, position);
      expect(found).toEqual(were);
      expect(found[1]?.body).toMatchObject({ usage_count: nth });
      expect(found[1]?.body.suggestion_ids).toHaveLength(nth);
    }
  });

  it('is served also when it has given way to the other side since', async () => {
    const analyst = analystIn('turned');
    await analyst.work(mixed(20, 20), { type: 'fix_bug' });
    await analyst.work(times(3, true), { agent: 'ann' });
    const { pattern_id: success } = await analyst.of('agent', 'ann');
    const [early, then] = [await head(), await answers(analyst, success)];
    await analyst.work(times(6, false), { agent: 'ann' });
    const { pattern_id: failure } = await analyst.of('agent', 'ann');

    expect(failure).not.toBe(success);
    expect(statuses(await answers(analyst, success))).toEqual([404, 404, 404]);
    expect(await answers(analyst, success, early)).toEqual(then);
    expect(statuses(await answers(analyst, failure, early))).toEqual([404, 404, 404]);
    expect(statuses(await answers(analyst, failure, await head()))).toEqual([200, 200, 200]);
  });

  it('that was extracted is there from when it was asked for', async () => {
    const analyst = analystIn('extracted');
    await analyst.work(mixed(4, 1), { description: 'Mend the login' });
    const early = await head();
    const asked = { task_type_pattern: 'login' };
    const { body } = await analyst.agent.post('/memory/patterns/extract', asked);
    const { pattern_id: id } = body;
    const [position, then] = [await head(), await answers(analyst, id)];
    await analyst.work(times(4, false), { description: 'Mend the login' });

    expect(statuses(await answers(analyst, id, early))).toEqual([404, 404, 404]);
    expect(await answers(analyst, id, position)).toEqual(then);
    expect(then[1]?.body.evidence).toMatchObject({ successes: 4, failures: 1 });
  });

  it('of an error shows its share of the failures there were by then', async () => {
    const analyst = analystIn('share');
    await analyst.work(times(3, false), { error: 'ENOENT: no such file' });
    const [{ pattern_id: id }] = (await analyst.patterns('&pattern_type=failure')).filter(
      ({ definition }: Body) => definition[0] === 'type_signature',
    );
    const [position, then] = [await head(), await answers(analyst, id)];
    await analyst.work(times(3, false), { error: 'Timeout exceeded' });

    expect(await answers(analyst, id)).not.toEqual(then);
    expect(await answers(analyst, id, position)).toEqual(then);
    expect(then[0]?.body.says).toContain('3 of 3 failures');
  });

  it('past the end of the log, or in the future, is as it stands now', async () => {
    const analyst = analystIn('future');
    await analyst.work(mixed(4, 1), { agent: 'ann' });
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const now = await answers(analyst, id);

    for (const asOf of ['99999999999999999999', '9999-12-31T23:59:59Z', await head()]) {
      expect(await answers(analyst, id, asOf)).toEqual(now);
    }
  });

  it('was not there before it was listed, nor for another tenant', async () => {
    const analyst = analystIn('mine');
    await analyst.work(times(4, true));
    const { pattern_id: id } = await analyst.of('type', 'implement_api');
    const nowhere = [
      await answers(analyst, id, '0'),
      await answers(analyst, id, '2020-01-01T00:00:00+02:00'),
      await answers(analystIn('theirs'), id, await head()),
      await answers(analyst, 'no-such-pattern', await head()),
    ].flat();

    expect(nowhere.map(({ status, body }) => [status, body.code])).toEqual(
      nowhere.map(() => [404, 'pattern.unknown']),
    );
  });

  it.each(['-1', '1.5', 'yesterday', '', '2026-13-01T00:00:00Z', '2026-01-31', '0x10', '1 '])(
    'cannot be as of "%s"',
    async (asOf) => {
      const { agent } = analystIn('bad');
      for (const route of ROUTES) {
        const query = `as_of=${encodeURIComponent(asOf)}`;
        const response = await agent.get(`/memory/patterns/any${route}?${query}`);
        expect([response.status, fieldsOf(response)]).toEqual([422, ['as_of']]);
      }
    },
  );

  it('is of one moment', async () => {
    const { agent } = analystIn('bad');
    for (const route of ROUTES) {
      const response = await agent.get(`/memory/patterns/any${route}?as_of=1&as_of=2`);
      expect([response.status, fieldsOf(response)]).toEqual([422, ['as_of']]);
    }
  });
});
