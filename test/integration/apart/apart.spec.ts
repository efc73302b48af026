import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '../../../src/database/index.js';
import { describeApi } from '../../../src/http/index.js';
import { MemoryFacade } from '../../../src/memory/index.js';
import { PatternsFacade } from '../../../src/patterns/index.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { isServer } from '../../support/database.js';
import { Listener } from '../relay/listener.js';
import { readOf, readsIn, type Read } from './reads.js';
import { DEAD_LETTERS, HOSTILE, settle, type Tenant } from './tenants.js';

/** Embedded they share one connection, and the statements are the same. */
const CASES = isServer ? 10_000 : 500;
/** Of every so many cases one asks a facade. */
const FACADE_SHARE = 5;
const ADMIN_API_KEY = 'the-key-of-the-owner-of-this-service';
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('Tenants with names that are easily mistaken', () => {
  let omoi: RunningApp;
  const tenants: Tenant[] = [];
  /** A key of each one's namespace. */
  const keys = new Map<Tenant, string>();
  let routes: ReturnType<typeof readsIn>;

  beforeAll(async () => {
    omoi = await startApp({ AUTH: 'keys', ADMIN_API_KEY });
    routes = readsIn(describeApi(omoi.app).paths as Parameters<typeof readsIn>[0]);
    for (const [nth, name] of HOSTILE.entries()) {
      const tenant = await settle(omoi, name, nth, ADMIN_API_KEY);
      tenants.push(tenant);
      keys.set(tenant, await keyFor(name));
    }
    await omoi.app.get(Database).as('omoi_projector', (sql) => sql.query(DEAD_LETTERS));
  });
  afterAll(() => omoi.stop());

  const keyFor = async (namespace: string): Promise<string> => {
    const owner = new Agent(omoi, namespace, { Authorization: `Bearer ${ADMIN_API_KEY}` });
    const scopes = ['read', 'write', 'admin'];
    const body = { name: 'its own', namespace, scopes, rate_limit_per_minute: 60_000 };

    return (await owner.post('/admin/api-keys', body)).body.key as string;
  };

  /** Whoever else is told by an answer: by a word of theirs or, where it answers, by an id. */
  const strangersIn = ({ isOk, text }: Answer, asking: Tenant): string[] =>
    tenants
      .filter((tenant) => tenant !== asking && isAbout(text, tenant, isOk))
      .map(({ namespace }) => namespace);

  it('never see a row of another, whatever they ask and whoever’s ids they use', async () => {
    const any = fc.constantFrom(...tenants);
    const cases = fc
      .record({
        asking: any,
        other: any,
        isOwn: fc.boolean(),
        isByKey: fc.boolean(),
        route: fc.constantFrom(...routes),
      })
      .chain(({ asking, other, isOwn, isByKey, route }) =>
        readOf(route, isOwn ? asking : other).map((read) => ({
          asking,
          read,
          as: isByKey ? byKey(asking, other) : byHeader(asking),
        })),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ({ asking, read, as }) => {
        return strangersIn(await answerTo(read, as), asking).length === 0;
      }),
      { numRuns: CASES - CASES / FACADE_SHARE },
    );
  }, 1_800_000);

  // An answer that shows nothing to anybody would prove nothing. A history holds numbers alone.
  it('do see their own', async () => {
    const unseen: string[] = [];
    for (const route of routes) {
      const shown = await Promise.all(tenants.map((asking) => isShown(route, asking)));
      if (shown.includes(false)) unseen.push(route.path);
    }
    expect(unseen).toEqual(['/api/v1/memory/patterns/{pattern_id}/history']);
  });

  it('see none through the facades either', async () => {
    const any = fc.constantFrom(...tenants);
    const question = fc.constantFrom(...Object.keys(asks()));
    await fc.assert(
      fc.asyncProperty(any, any, question, async (asking, owner, which) => {
        return strangersIn(await answerOf(which, asking, owner), asking).length === 0;
      }),
      { numRuns: CASES / FACADE_SHARE },
    );
  });

  it.each(['searchSimilar', 'getContext', 'searchPatterns', 'findMatchingPatterns', 'predict'])(
    'do see their own through the facades: %s',
    async (which) => {
      for (const asking of tenants) {
        const { text } = await answerOf(which, asking, asking);
        expect([asking.namespace, isAbout(text, asking, true)]).toEqual([asking.namespace, true]);
      }
    },
  );

  it('are told nothing of another by the stream, whatever they heard last', async () => {
    let stranger = { namespace: 'nobody', lastId: NOBODY };
    for (const asking of tenants) {
      const { namespace, lastId } = stranger;
      const options = { lastId, key: keys.get(asking) ?? '' };
      const listener = await Listener.open(`${omoi.url}/api/v1`, namespace, options);
      const agent = new Agent(omoi, namespace, byKey(asking, asking));
      const last = await agent.remember('The last of all');
      await eventually(
        () => Promise.resolve(listener.heard),
        (heard) => heard.some(({ data }) => data.subject === last),
      );
      await listener.leave();
      const text = JSON.stringify(listener.heard);

      expect(strangersIn({ isOk: true, text }, asking)).toEqual([]);
      expect([asking.namespace, isAbout(text, asking, true)]).toEqual([asking.namespace, true]);
      stranger = { namespace: asking.namespace, lastId: listener.heard[0]?.id ?? NOBODY };
    }
  });

  const byHeader = ({ namespace }: Tenant): Headers => ({
    Authorization: `Bearer ${ADMIN_API_KEY}`,
    'X-Namespace': namespace,
  });

  /** Its own key, and the name of another in the header. */
  const byKey = (asking: Tenant, other: Tenant): Headers => ({
    Authorization: `Bearer ${keys.get(asking) ?? ''}`,
    'X-Namespace': other.namespace,
  });

  /** What each facade may be asked, by the name of the question. */
  const asks = (): Record<string, (namespace: string, owner: Tenant) => Promise<unknown>> => {
    const memory = omoi.app.get(MemoryFacade, { strict: false });
    const patterns = omoi.app.get(PatternsFacade, { strict: false });

    return {
      searchSimilar: (namespace, { mark }) =>
        memory.searchSimilar({ namespace, taskDescription: mark, similarityThreshold: 0 }),
      getContext: (namespace) =>
        memory.getContext('shared-1', { namespace, record: false, similarityThreshold: 0 }),
      searchPatterns: (namespace) =>
        patterns.searchPatterns({ namespace, taskType: 'implement_.*', limit: 50 }),
      findMatchingPatterns: (namespace, { mark }) =>
        patterns.findMatchingPatterns(`implement_api Add a login for ${mark}`, 0, namespace),
      predict: (namespace, { mark }) =>
        patterns.predict({ namespace, taskType: 'implement_api', agentId: `agent ${mark}` }),
    };
  };

  const answerOf = async (which: string, asking: Tenant, owner: Tenant): Promise<Answer> => {
    const answer = await asks()[which]?.(asking.namespace, owner);

    return { isOk: true, text: JSON.stringify(answer) };
  };

  /** Whether one of a few questions about its own is answered with something of its own. */
  async function isShown(route: (typeof routes)[number], asking: Tenant): Promise<boolean> {
    for (const read of fc.sample(readOf(route, asking), { numRuns: 30, seed: 7 })) {
      const { text, isOk } = await answerTo(read, byKey(asking, asking));
      if (isAbout(text, asking, isOk)) return true;
    }

    return false;
  }

  async function answerTo({ method, path, body }: Read, as: Headers): Promise<Answer> {
    const response = await fetch(`${omoi.url}${path}`, {
      method,
      headers: { ...as, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

    return { isOk: response.ok, text: await response.text() };
  }
});

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly isOk: boolean;
  readonly text: string;
}

/** Whether it holds a word or an id of that tenant; a refusal may repeat the id it was asked for. */
const isAbout = (text: string, { mark, ids }: Tenant, isOk: boolean): boolean =>
  text.includes(mark) ||
  (isOk &&
    [ids.memory_id, ids.pattern_id, ids.suggestion_id, ids.webhook_id]
      .flat()
      .some((id) => text.includes(String(id))));
