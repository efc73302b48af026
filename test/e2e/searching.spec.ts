import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/index.js';
import { eventually, startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';

let omoi: RunningApp;
const agentIn = (namespace: string): Agent => new Agent(omoi, namespace);
const summaries = ({ items }: Body): string[] => items.map((item: Body) => item.summary as string);

beforeAll(async () => {
  omoi = await startApp({ RECALL_SAMPLE: '1' });
});
afterAll(() => omoi.stop());

const ABOUT = [
  'Implemented login with OAuth2 and JWT tokens',
  'Fixed CSS grid layout on the dashboard',
  'Optimised a slow SQL query with an index',
  'Repotted the ferns in the hallway',
];
const DEPLOYED = 'Deployed the worker after ERR_CONN_4711 in src/queue/drain-worker.ts';

const experienced = async (namespace: string): Promise<Agent> => {
  const agent = agentIn(namespace);
  for (const summary of [...ABOUT, DEPLOYED]) await agent.remember(summary);
  await agent.embedded();

  return agent;
};

describe('A search by words', () => {
  it.each([
    'ERR_CONN_4711',
    'err_conn_4711',
    'src/queue/drain-worker.ts',
    'drain-worker.ts',
    'drainWorker',
  ])('for "%s" finds what has it, and marks it', async (text) => {
    const agent = await experienced(`exact-${text.replaceAll('/', '-')}`);
    for (const mode of ['keyword', 'hybrid']) {
      const [hit, ...others] = (await agent.search(text, { mode, top_k: 1 })).items;

      expect(others).toEqual([]);
      expect(hit).toMatchObject({ summary: DEPLOYED, highlights: [expect.stringContaining('**')] });
      expect(hit.keyword_score).toBeGreaterThan(0);
    }
  });

  it('looks into type, tags, tools, description and error text', async () => {
    const agent = agentIn('everywhere');
    await agent.remember('Nothing to see here', {
      success: false,
      tags: ['quasar'],
      tools: ['stapler'],
      error_patterns: { nested: [{ message: 'xylophone exploded' }], code: 90210 },
      task: { type: 'juggle_things', description: 'Bring the marmalade' },
    });
    await agent.embedded();
    for (const word of ['quasar', 'stapler', 'xylophones', '90210', 'juggle', 'marmalade']) {
      expect(summaries(await agent.search(word, { mode: 'keyword' }))).toHaveLength(1);
    }
    expect(await agent.search('submarine', { mode: 'keyword' })).toMatchObject({
      items: [],
      abstained: true,
      reason: expect.stringContaining('No memory fits'),
    });
  });

  it('finds by type, tags and tools what has more words than are looked up', async () => {
    const agent = agentIn('wordy');
    const [description, summary, log] = [46_656, 50_000, 54_000].map((from) =>
      Array.from({ length: 2_200 }, (_, n) => (from + n).toString(36))
        .map((word) => `${word}-${word.slice(1)}`)
        .join(' '),
    );
    await agent.remember(summary ?? '', {
      tags: ['incident-20261127'],
      tools: ['zebra-cli'],
      error_patterns: { log },
      task: { type: 'bisect_commits', description },
    });
    await agent.embedded();
    for (const word of ['incident-20261127', 'zebra-cli', 'bisect_commits']) {
      expect((await agent.search(word, { mode: 'keyword' })).items).toHaveLength(1);
    }
  });

  it('finds nothing for words that say nothing', async () => {
    const agent = await experienced('stop-words');

    expect((await agent.search('it is the', { mode: 'keyword' })).items).toEqual([]);
    expect((await agent.search('--- !!!', { mode: 'keyword' })).items).toEqual([]);
  });

  it('cuts by cosine only when that is asked for', async () => {
    const agent = await experienced('cut');
    const asked = { mode: 'keyword' };

    expect(await agent.search('ferns and goats', asked)).toMatchObject({ threshold_used: 0 });
    expect(summaries(await agent.search('ferns and goats', asked))).toEqual([ABOUT[3]]);
    expect(await agent.search('ferns', { ...asked, similarity_threshold: 0.99 })).toMatchObject({
      items: [],
      threshold_used: 0.99,
    });
  });

  it('finds no more what was taken back or erased', async () => {
    const agent = await experienced('gone');
    const [revoked, erased] = [
      await agent.remember('The zeppelin landed'),
      await agent.remember('The zeppelin took off'),
    ];
    await agent.embedded();
    expect((await agent.search('zeppelin', { mode: 'keyword' })).items).toHaveLength(2);
    await agent.post(`/memory/executions/${revoked}/revoke`, { reason: 'It was another' });
    await agent.delete(`/memory/executions/${erased}`);

    for (const mode of ['keyword', 'hybrid']) {
      const found = await agent.search('zeppelin', { mode, similarity_threshold: 0 });
      expect(summaries(found).filter((summary) => summary.includes('zeppelin'))).toEqual([]);
    }
  });

  it('finds letters of other languages, however they are put together', async () => {
    const agent = agentIn('letters');
    await agent.remember('Bezahlt hat das Café Müller'.normalize('NFD'));
    await agent.remember('Möller called');
    await agent.embedded();
    for (const word of ['café', 'Müller', 'CAFE\u0301']) {
      expect(summaries(await agent.search(word, { mode: 'keyword' }))).toEqual([
        expect.stringContaining('Bezahlt'),
      ]);
    }
  });

  it('marks only what was found, whatever a text marks itself', async () => {
    const agent = agentIn('marked');
    await agent.remember('**Root cause**: the token had expired');
    await agent.embedded();
    const marks = async (text: string): Promise<unknown> =>
      (await agent.search(text, { similarity_threshold: 0 })).items[0].highlights;

    expect(await marks('ferns')).toEqual([]);
    expect(await marks('tokens')).toEqual([expect.stringContaining('the **token** had')]);
  });
});

describe('A search by both', () => {
  it('is the usual one, and gives every score apart', async () => {
    const agent = await experienced('both');
    const { items, mode } = await agent.search('login tokens', { similarity_threshold: 0 });
    const best = Math.max(...items.map((item: Body) => item.keyword_score as number));

    expect(mode).toBe('hybrid');
    expect(items).toHaveLength(5);
    for (const { similarity_score, keyword_score, rank_score } of items) {
      expect(rank_score).toBeCloseTo(0.7 * similarity_score + (0.3 * keyword_score) / best, 6);
    }
  });

  it('keeps below the threshold what has every word, and drops what has only some', async () => {
    const agent = await experienced('every-word');

    expect(summaries(await agent.search('ERR_CONN_4711'))).toEqual([DEPLOYED]);
    expect(await agent.search('Unicorns graze behind the hallway on Tuesdays')).toMatchObject({
      items: [],
      abstained: true,
      reason: expect.stringMatching(
        /^No memory is near enough: the nearest has a similarity of 0\.\d\d, and 0\.4 is needed\.$/,
      ),
    });
    expect(await agent.search('ERR_CONN_4711', { similarity_threshold: 0.9 })).toMatchObject({
      items: [],
      threshold_used: 0.9,
    });
  });

  it('keeps what has an identifier of common words, and not what has its ending alone', async () => {
    const agent = agentIn('common-words');
    const written = ['The matcher toBe was the wrong one', 'Moved the imprint to pages/about.ts'];
    for (const text of [...written, 'Moved the shop to pages/shop.ts']) await agent.remember(text);
    await agent.embedded();
    const asked = { explain: true };

    expect(summaries(await agent.search('toBe', asked))).toEqual([written[0]]);
    const { items } = await agent.search('about.ts', asked);
    const far = items.filter(({ similarity_score }: Body) => similarity_score < 0.4);
    expect(summaries({ items: far })).not.toContain('Moved the shop to pages/shop.ts');
    expect(summaries({ items })).toContain(written[1]);
  });

  it('drops what has the parts of a number, or of a version, here and there', async () => {
    const agent = agentIn('scattered');
    await agent.remember('Moved 3 boxes to shelf 1 and 2 boxes to v1 of the garage on 2026/11/27');
    await agent.remember('Rolled back to v1.2.3 on 2026-11-27');
    await agent.embedded();
    for (const text of ['v1.2.3', '2026-11-27']) {
      expect(summaries(await agent.search(text))).toEqual(['Rolled back to v1.2.3 on 2026-11-27']);
    }
  });

  it('gives the best run of each task, and none of the task that asks', async () => {
    const agent = agentIn('one-a-task');
    const task = { task_id: 'login' };
    await agent.remember('Login: renewed the token', task);
    const best = await agent.remember('Login: rotated the signing keys of the tokens', task);
    await agent.remember('Keys: cut a spare for the front door', { task_id: 'door' });
    await agent.embedded();
    const asked = { similarity_threshold: 0 };
    const { items } = await agent.search('rotate signing keys', asked);

    expect(items.map((item: Body) => item.task_id)).toEqual(['login', 'door']);
    expect(items[0].memory_id).toBe(best);
    const others = await agent.search('rotate signing keys', { ...asked, task_id: 'login' });
    expect(others.items.map((item: Body) => item.task_id)).toEqual(['door']);
  });

  it('can be asked for hits that differ', async () => {
    const agent = agentIn('diverse');
    for (const n of [1, 2, 3])
      await agent.remember(`Rotated the signing keys, attempt ${String(n)}`);
    await agent.remember('Signed the contract with a key customer');
    await agent.embedded();
    const asked = { top_k: 2, similarity_threshold: 0 };
    const usual = await agent.search('rotate signing keys', asked);
    const diverse = await agent.search('rotate signing keys', { ...asked, diversity: 0.7 });

    expect(summaries(usual)[1]).toMatch(/^Rotated/);
    expect(summaries(diverse)).toEqual([
      summaries(usual)[0],
      'Signed the contract with a key customer',
    ]);
  });
});

describe('A search in any mode', () => {
  const MODES = ['semantic', 'keyword', 'hybrid'];

  it('is narrowed by all filters at once', async () => {
    const agent = agentIn('narrowed');
    const wanted = {
      task: { type: 'fix_bug' },
      agent_id: 'coder',
      phase_id: 'PHASE_TESTING',
      tags: ['auth', 'api'],
      tools: ['editor', 'shell'],
      occurred_at: '2026-01-15T00:00:00Z',
      success: true,
    };
    const off = {
      task: { type: 'fix_ui' },
      agent_id: 'tester',
      phase_id: 'PHASE_DESIGN',
      tags: ['auth'],
      tools: ['shell'],
      occurred_at: '2026-02-15T00:00:00Z',
      success: false,
    };
    const others = Object.entries(off).map(([field, value]) => ({ ...wanted, [field]: value }));
    for (const [n, execution] of [wanted, ...others].entries()) {
      await agent.remember(`Mended the login, attempt ${String(n)}`, execution);
    }
    await agent.embedded();
    const filters = {
      task_type: 'fix_bug',
      agent_id: 'coder',
      phase_id: 'PHASE_TESTING',
      tags: ['api'],
      tools: ['editor'],
      occurred_from: '2026-01-01T00:00:00Z',
      occurred_to: '2026-01-31T00:00:00Z',
    };
    for (const mode of MODES) {
      const all = await agent.search('login', { mode, top_k: 20 });
      const some = await agent.search('login', { mode, filters, success_only: true });

      expect(all.items).toHaveLength(8);
      expect(summaries(some)).toEqual(['Mended the login, attempt 0']);
    }
  });

  it('explains itself when asked', async () => {
    const agent = await experienced('explained');
    const [semantic, keyword, hybrid] = await Promise.all(
      MODES.map((mode) => agent.search('login tokens', { mode, explain: true, accuracy: 'fast' })),
    );

    expect(hybrid?.explanation).toEqual({
      plan: { semantic: 'exact', keyword: 'exact' },
      rows: 5,
      candidates: { by_meaning: 5, by_words: 1, scored: 5 },
      terms: { asked: 2, looked_up: 2 },
      thresholds: { similarity: 0.4, spares_complete: true },
      weights: { similarity: 0.7, keyword: 0.3 },
      timings_ms: { embedding: expect.any(Number), search: expect.any(Number) },
    });
    expect(semantic?.explanation).toMatchObject({
      plan: { semantic: 'exact', keyword: null },
      terms: { asked: null, looked_up: null },
      weights: { similarity: 1, keyword: 0 },
    });
    expect(keyword?.explanation).toMatchObject({
      plan: { semantic: null, keyword: 'exact' },
      thresholds: { similarity: 0, spares_complete: true },
      weights: { similarity: 0, keyword: 1 },
    });
    expect((await agent.search('login')).explanation).toBeNull();
  });

  it('gives another run of a task as soon as the best one is taken back', async () => {
    for (const mode of MODES) {
      const agent = agentIn(`taken-back-${mode}`);
      const task = { task_id: 'flight' };
      await agent.remember('The zeppelin was delayed by wind over the mountains', task);
      const best = await agent.remember('The zeppelin', task);
      await agent.embedded();
      await agent.post(`/memory/executions/${best}/revoke`, { reason: 'It was another' });
      const found = await agent.search('zeppelin', { mode, top_k: 1, similarity_threshold: 0 });

      expect(summaries(found)).toEqual(['The zeppelin was delayed by wind over the mountains']);
    }
  });

  it('takes questions and filters up to their limits, and names what is longer', async () => {
    const agent = agentIn('limits');
    const ask = (length: number, tags: number): Promise<string[]> =>
      agent
        .post('/memory/search', {
          task_description: 'word '.repeat(length / 5),
          filters: { tags: Array.from({ length: tags }, (_, n) => `tag-${String(n)}`) },
        })
        .then(fieldsOf);

    expect(await ask(20_000, 50)).toEqual([]);
    expect(await ask(20_005, 50)).toEqual(['task_description']);
    expect(await ask(5, 51)).toEqual(['filters.tags']);
  });

  it('is compared with an exact one when that is wanted, and the recall is served', async () => {
    const agent = await experienced('compared');
    // As if there were more than are looked at one by one.
    await omoi.app.get(Database).as('omoi_projector', (sql) =>
      sql.query(
        `update keyword_frequencies as known set documents = 6000
          where known.namespace = 'compared' and known.term = 0`,
      ),
    );
    const { items, explanation } = await agent.search(DEPLOYED, { explain: true });
    expect(explanation.plan).toEqual({ semantic: 'index', keyword: 'index' });
    expect(items).not.toEqual([]);
    const recall = await eventually(
      async () => (await agent.get('/admin/recall')).body,
      ({ modes }) => modes.length > 0,
    );

    expect(recall).toEqual({
      sampled_one_in: 1,
      modes: [{ mode: 'hybrid', searches: 1, recall: 1 }],
    });
  });

  it('is compared by as many hits as were wanted, though more were looked at for diversity', async () => {
    const agent = agentIn('diverse');
    await agent.remember('Mended the kettle');
    await agent.remember('Painted the fence');
    await agent.embedded();
    // As if there were many, and a word so common among them that it is not looked up.
    await omoi.app.get(Database).as('omoi_projector', (sql) =>
      sql.query(
        `update keyword_frequencies as known
            set documents = case known.term when 0 then 60000 else 50000 end
          where known.namespace = 'diverse' and known.term in (0, es.term('diverse', 'fenc'))`,
      ),
    );
    const { items } = await agent.search('kettle fence', {
      mode: 'keyword',
      diversity: 0.5,
      top_k: 1,
    });
    expect(summaries({ items })).toEqual(['Mended the kettle']);
    const recall = await eventually(
      async () => (await agent.get('/admin/recall')).body.modes,
      (modes: Body[]) => modes.some(({ mode }) => mode === 'keyword'),
    );

    expect(recall).toContainEqual({ mode: 'keyword', searches: 1, recall: 1 });
  });

  it('sees nothing of another tenant', async () => {
    await experienced('tenant1');
    for (const namespace of ['tenant', 'tenant10', 'TENANT1', 'tenant_']) {
      for (const mode of MODES) {
        const { items } = await agentIn(namespace).search('ERR_CONN_4711', {
          mode,
          similarity_threshold: 0,
        });
        expect(items).toEqual([]);
      }
    }
  });
});
