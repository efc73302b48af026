import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeApi } from '../../../src/http/index.js';
import { MemoryFacade } from '../../../src/memory/index.js';
import { PatternsFacade } from '../../../src/patterns/index.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { isServer } from '../../support/database.js';
import { readOf, readsIn, type Read } from './reads.js';
import { HOSTILE, settle, type Tenant } from './tenants.js';

/** Embedded they share one connection, and the statements are the same. */
const CASES = isServer ? 10_000 : 500;
/** Of every so many cases one asks a facade. */
const FACADE_SHARE = 5;

describe('Tenants with names that are easily mistaken', () => {
  let omoi: RunningApp;
  const tenants: Tenant[] = [];
  let routes: ReturnType<typeof readsIn>;

  beforeAll(async () => {
    omoi = await startApp();
    routes = readsIn(describeApi(omoi.app).paths as Parameters<typeof readsIn>[0]);
    for (const [nth, name] of HOSTILE.entries()) tenants.push(await settle(omoi, name, nth));
  }, 300_000);
  afterAll(() => omoi.stop());

  /** Whoever else is told by an answer: by a word of theirs or, where it answers, by an id. */
  const strangersIn = ({ isOk, text }: Answer, asking: Tenant): string[] =>
    tenants
      .filter((tenant) => tenant !== asking && isAbout(text, tenant, isOk))
      .map(({ namespace }) => namespace);

  it('never see a row of another, whatever they ask and whoever’s ids they use', async () => {
    const any = fc.constantFrom(...tenants);
    const cases = fc
      .record({ asking: any, other: any, isOwn: fc.boolean(), route: fc.constantFrom(...routes) })
      .chain(({ asking, other, isOwn, route }) =>
        readOf(route, isOwn ? asking : other).map((read) => ({ asking, read })),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ({ asking, read }) => {
        return strangersIn(await answerTo(asking, read), asking).length === 0;
      }),
      { numRuns: CASES - CASES / FACADE_SHARE },
    );
  }, 600_000);

  // An answer that shows nothing to anybody would prove nothing. A history holds numbers alone.
  it('do see their own', async () => {
    const unseen: string[] = [];
    for (const route of routes) {
      const shown = await Promise.all(tenants.map((asking) => isShown(route, asking)));
      if (shown.includes(false)) unseen.push(route.path);
    }
    expect(unseen).toEqual(['/api/v1/memory/patterns/{pattern_id}/history']);
  }, 300_000);

  it('see none through the facades either', async () => {
    const memory = omoi.app.get(MemoryFacade, { strict: false });
    const patterns = omoi.app.get(PatternsFacade, { strict: false });
    const asks = (namespace: string, { mark }: Tenant): (() => Promise<unknown>)[] => [
      () => memory.searchSimilar({ namespace, taskDescription: mark, similarityThreshold: 0 }),
      () => memory.getContext('shared-1', { namespace, record: false, similarityThreshold: 0 }),
      () => patterns.searchPatterns({ namespace, taskType: 'implement_.*', limit: 50 }),
      () => patterns.findMatchingPatterns(`implement_api Add a login for ${mark}`, 0, namespace),
      () => patterns.predict({ namespace, taskType: 'implement_api', agentId: `agent ${mark}` }),
    ];
    const any = fc.constantFrom(...tenants);
    await fc.assert(
      fc.asyncProperty(any, any, fc.nat(4), async (asking, owner, which) => {
        const answer = await asks(asking.namespace, owner)[which]?.();

        return strangersIn({ isOk: true, text: JSON.stringify(answer) }, asking).length === 0;
      }),
      { numRuns: CASES / FACADE_SHARE },
    );
  }, 300_000);

  /** Whether one of a few questions about its own is answered with something of its own. */
  async function isShown(route: (typeof routes)[number], asking: Tenant): Promise<boolean> {
    for (const read of fc.sample(readOf(route, asking), { numRuns: 30, seed: 7 })) {
      const { text, isOk } = await answerTo(asking, read);
      if (isAbout(text, asking, isOk)) return true;
    }

    return false;
  }

  async function answerTo({ namespace }: Tenant, { method, path, body }: Read): Promise<Answer> {
    const response = await fetch(`${omoi.url}${path}`, {
      method,
      headers: { 'X-Namespace': namespace, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

    return { isOk: response.ok, text: await response.text() };
  }
});

interface Answer {
  readonly isOk: boolean;
  readonly text: string;
}

/** Whether it holds a word or an id of that tenant; a refusal may repeat the id it was asked for. */
const isAbout = (text: string, { mark, ids }: Tenant, isOk: boolean): boolean =>
  text.includes(mark) ||
  (isOk &&
    [ids.memory_id, ids.pattern_id, ids.suggestion_id]
      .flat()
      .some((id) => text.includes(String(id))));
