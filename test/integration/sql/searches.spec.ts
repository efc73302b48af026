import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../../../src/config/index.js';
import type { Sql } from '../../../src/database/index.js';
import { poolOf } from '../../../src/database/orm.js';
import { HashingEmbedder } from '../../../src/embedding/index.js';
import { memoryFilter } from '../../../src/memory/read-model/memory-filter.js';
import { searchSettingsMustHold } from '../../../src/memory/read-model/search-settings.js';
import {
  SearchReader,
  type Found,
  type Wanted,
} from '../../../src/memory/read-model/search.reader.js';
import { VectorTable } from '../../../src/memory/read-model/vector-table.js';
import { precedentsOf, similarTasksOf } from '../../../src/memory/suggest-context/resembling.js';
import { suggestContextQuery } from '../../../src/memory/suggest-context/suggest-context.request.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { dice, randomUnit, remember, rememberWords, EXACT_WORDS } from './many-memories.js';
import { RecordedDatabase } from './recorded-database.js';

const EVERYTHING = { filter: memoryFilter.parse({}), successOnly: false, exceptTask: null };
const RARE = { ...EVERYTHING, filter: memoryFilter.parse({ task_type: 'rare' }) };
/** More than are looked at one by one. */
const MANY = 10_000;
const settings = new Settings(isServer ? { DATABASE_URL: process.env.TEST_DATABASE_URL } : {});
const DIMENSIONS = new HashingEmbedder().profile.dimensions;

describe('A search', () => {
  let opened: OpenDatabase;
  let database: RecordedDatabase;
  let searches: SearchReader;
  let vectors: VectorTable;
  let table: string;

  beforeAll(async () => {
    opened = await openDatabase();
    database = new RecordedDatabase(await poolOf(opened.orm));
    vectors = new VectorTable(settings, database, new HashingEmbedder().profile);
    await vectors.make();
    table = vectors.name;
    searches = new SearchReader(database);
    for (const [namespace, count] of [
      ['many', MANY],
      ['few', 1_000],
    ] as const) {
      await remember(database, { table, namespace, count }, DIMENSIONS);
      await rememberWords(database, namespace);
    }
  });
  afterAll(() => opened.close());

  const find = (
    namespace: string,
    wanted: Partial<Wanted>,
    seed = 1,
    space = vectors,
  ): Promise<Found> =>
    searches.find(namespace, space, {
      mode: 'hybrid',
      accuracy: 'balanced',
      where: EVERYTHING,
      text: 'w3 w17 w90 w200',
      vector: randomUnit(DIMENSIONS, dice(seed)),
      threshold: 0,
      sparesComplete: true,
      limit: 10,
      onePerTask: true,
      withVectors: false,
      withHighlights: true,
      ...wanted,
    });
  const ids = ({ hits }: Found): string[] => hits.map(({ memory_id }) => memory_id);

  it.each([
    ['few', 'semantic'],
    ['few', 'keyword'],
    ['few', 'hybrid'],
    ['many', 'semantic'],
    ['many', 'keyword'],
    ['many', 'hybrid'],
  ] as const)('among %s in the mode %s is this statement', async (namespace, mode) => {
    const search = (await database.during(() => find(namespace, { mode }))).at(-1);

    expect(search).toMatchSnapshot();
  });

  /** The plan of the search that was asked last, with its settings. */
  const planOfTheLast = async (namespace = 'many', setting = 'select'): Promise<string> => {
    const [counting, search] = database.asked.slice(-2);
    const rows = await database.within(namespace, async (sql) => {
      await sql.query(counting?.text ?? '', counting?.values);
      await sql.query(setting);
      return sql.query<{ 'QUERY PLAN': string }>(`explain ${search?.text ?? ''}`, search?.values);
    });

    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it('begins only where its settings hold', async () => {
    await database.within('many', searchSettingsMustHold);
    const meddling = (sql: Sql): Sql => ({
      holdsEverybodyUp: sql.holdsEverybodyUp,
      query: (text, values) =>
        sql.query(text.replace(`'jit', 'off', true`, `'jit', 'on', true`), values),
    });

    await expect(
      database.within('many', (sql) => searchSettingsMustHold(meddling(sql))),
    ).rejects.toThrow('does not take the settings of searches: jit = off.');
  });

  it('is given up when it takes long, by a server', async () => {
    const impatient = new RecordedDatabase(await poolOf(opened.orm), (text) =>
      text.replace(`'statement_timeout', '10s'`, `'statement_timeout', '1ms'`),
    );
    const [patient, hurried] = [searches, new SearchReader(impatient)];
    searches = hurried;
    const found = find('many', { accuracy: 'exact' });
    searches = patient;
    const refusal = { kind: 'unavailable', code: 'memory.search_timed_out' };

    if (isServer) await expect(found).rejects.toMatchObject(refusal);
    else expect((await found).hits).toHaveLength(10);
    expect((await find('many', { accuracy: 'exact' })).hits).toHaveLength(10);
  });

  /** As a search asks, in each mode, and as a context does: for precedents and for similar tasks. */
  const task = { id: 'task-7', type: 'common', description: 'w3 w17 w90 w200' };
  const asked = suggestContextQuery.parse({});
  const shapes: [string, Partial<Wanted>, { words: boolean; meaning: boolean }][] = [
    ['a search by words', { mode: 'keyword' }, { words: true, meaning: false }],
    ['a search by meaning', { mode: 'semantic' }, { words: false, meaning: true }],
    ['a search by both', { mode: 'hybrid' }, { words: true, meaning: true }],
    ['precedents', precedentsOf(task, 0), { words: false, meaning: true }],
    ['similar tasks', similarTasksOf(task, 0, asked), { words: true, meaning: true }],
  ];

  it.each(shapes)(
    'among many goes for %s through the indexes, and to what it found by its key',
    async (_, wanted, { words, meaning }) => {
      const { plan, hits } = await find('many', wanted);
      expect(hits).not.toEqual([]);
      expect([plan.keyword, plan.semantic]).toEqual(
        [words && 'index', meaning && 'index'].map((how) => how || null),
      );
      const lines = await planOfTheLast();

      expect(lines.includes('Bitmap Index Scan on memory_keywords_terms')).toBe(words);
      expect(lines.includes(`Index Scan using ${table}_hnsw`)).toBe(meaning);
      expect(lines).toContain('Index Scan using task_memories_pkey');
      expect(lines).not.toMatch(/Seq Scan on (memory_|task_memories|keyword_)/);
    },
  );

  it('reads, and highlights, what it found alone, however few there are', async () => {
    await find('few', { mode: 'keyword' });
    // So a planner thinks that takes a small tenant for one that is best read in one go.
    const plan = await planOfTheLast('few', 'set local enable_nestloop = off');

    expect(plan).toContain('Index Scan using task_memories_pkey');
    expect(plan).not.toContain('Hash Join');
  });

  it('looks at all vectors of a tenant that has a small share of them', async () => {
    // As the planner would say if others had a hundred times as many.
    const say = (rows: number): Promise<object[]> =>
      database.outside(
        `update pg_class set reltuples = ${String(rows)} where oid = '${table}'::regclass`,
      );
    await say(100 * MANY);
    const [there, searched] = [searches, new SearchReader(database)];
    searches = searched;
    const { plan, rows } = await find('many', {});
    searches = there;
    await say(MANY + 1_000);

    expect({ plan, rows }).toMatchObject({
      plan: { semantic: 'exact', keyword: 'index' },
      rows: MANY,
    });
  });

  it.each([
    ['ERR_CONN_4711', 0],
    ['err_conn_4711', 0],
    ['src/auth/parse-claims.ts', 1],
    ['parse-claims.ts', 1],
    ['renewAccessToken', 2],
    ['renew token', 2],
    ['access', 2],
    ['django.core.ImproperlyConfigured', 3],
    ['improperly', 3],
  ])('for "%s" finds the one memory among thousands that has it', async (text, nth) => {
    const { searchThreshold: threshold } = vectors.profile;
    const [byWords] = (await find('many', { text, mode: 'keyword', limit: 5 })).hits;
    const { hits } = await find('many', { text, mode: 'hybrid', limit: 5, threshold });

    expect(byWords?.summary).toBe(EXACT_WORDS[nth]);
    expect(byWords?.highlights?.join(' ')).toContain('**');
    expect(hits.map(({ summary }) => summary)).toContain(EXACT_WORDS[nth]);
  });

  it('by words through the index finds what looking at every memory finds', async () => {
    const roll = dice(11);
    for (let n = 0; n < 10; n += 1) {
      const text = Array.from({ length: 6 }, () => `w${String(Math.floor(400 * roll()))}`).join(
        ' ',
      );
      const indexed = await find('many', { text, mode: 'keyword' });
      const exact = await find('many', { text, mode: 'keyword', accuracy: 'exact' });

      expect([indexed.plan.keyword, exact.plan.keyword]).toEqual(['index', 'exact']);
      expect(ids(indexed)).toEqual(ids(exact));
    }
  });

  it('by meaning through the index finds what looking at every memory finds', async () => {
    const recalls: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const [indexed, exact] = [
        await find('many', { mode: 'semantic' }, seed),
        await find('many', { mode: 'semantic', accuracy: 'exact' }, seed),
      ];
      expect([indexed.plan.semantic, exact.plan.semantic]).toEqual(['index', 'exact']);
      recalls.push(ids(indexed).filter((id) => ids(exact).includes(id)).length / 10);
    }

    expect(recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length).toBeGreaterThan(0.9);
  });

  it('goes on in the index until the list is full, when most may not be in it', async () => {
    await find('many', { mode: 'semantic' });
    const [settings, search] = database.asked.slice(-2);
    const values = (search?.values ?? []).map((value, index) => (index === 1 ? 'rare' : value));
    const found = (setting: string): Promise<object[]> =>
      database.within('many', async (sql) => {
        await sql.query(settings?.text ?? '', settings?.values);
        // So few would be read by their type and sorted.
        await sql.query(`set local enable_sort = off; ${setting}`);
        return sql.query(search?.text ?? '', values);
      });

    expect(search?.text).not.toContain('+ 0');
    const few = `set local hnsw.ef_search = 50;`;
    expect(await found(few)).toHaveLength(10);
    const once = await found(`${few} set local hnsw.iterative_scan = off`);
    expect(once.length).toBeLessThan(10);
  });

  it('gives one execution of a task, or all of them', async () => {
    const limit = 100;
    const all = await find('few', { limit, mode: 'semantic', onePerTask: false });
    const once = await find('few', { limit, mode: 'semantic' });
    const tasks = all.hits.map(({ task_id }) => task_id);

    expect(all.hits).toHaveLength(50);
    expect(new Set(tasks).size).toBeLessThan(50);
    expect(new Set(once.hits.map(({ task_id }) => task_id)).size).toBe(50);
    expect(once.hits[0]).toEqual(all.hits[0]);
  });

  it('gives of each task the execution that both scores together put first', async () => {
    const crowd = {
      table,
      namespace: 'threes',
      count: 48,
      taskOf: (nth: number) => `task-${nth % 16}`,
    };
    await remember(database, crowd, DIMENSIONS);
    await rememberWords(database, 'threes');

    for (let seed = 1; seed <= 20; seed += 1) {
      const { hits: all } = await find('threes', { onePerTask: false, limit: 100 }, seed);
      const { hits } = await find('threes', { limit: 20 }, seed);
      const best = new Map(all.toReversed().map(({ task_id, memory_id }) => [task_id, memory_id]));

      expect(all.length).toBeGreaterThan(40);
      expect(new Map(hits.map(({ task_id, memory_id }) => [task_id, memory_id]))).toEqual(best);
    }
  });

  it('fills the list although only one in twenty may be in it, in every mode', async () => {
    for (const mode of ['semantic', 'keyword', 'hybrid'] as const) {
      const { hits, rows, plan } = await find('many', { mode, where: RARE });

      expect(hits).toHaveLength(10);
      expect(rows).toBe(MANY / 20);
      expect([plan.semantic, plan.keyword]).not.toContain('index');
    }
  });

  it('gives both scores for every candidate, and orders by their combination', async () => {
    const { hits, looked } = await find('few', { limit: 100, onePerTask: false });
    const best = Math.max(...hits.map(({ keyword }) => keyword ?? NaN));

    expect(hits.length).toBe(looked.candidates);
    expect(looked).toMatchObject({ by_meaning: 50, by_words: 50 });
    for (const { similarity, keyword, rank } of hits) {
      expect(rank).toBeCloseTo(0.7 * similarity + (0.3 * (keyword ?? NaN)) / best, 6);
    }
    const ranks = hits.map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  });

  it('weighs meaning and words as the profile of its model says', async () => {
    const { profile } = new HashingEmbedder();
    const ranking = { ...profile.ranking, meaningWeight: 0.2, candidates: 7 };
    const space = new VectorTable(settings, database, { ...profile, ranking });
    const { hits, looked } = await find('few', { limit: 20 }, 1, space);
    const best = Math.max(...hits.map(({ keyword }) => keyword ?? NaN));

    expect(looked).toMatchObject({ by_meaning: 7, by_words: 7 });
    for (const { similarity, keyword, rank } of hits) {
      expect(rank).toBeCloseTo(0.2 * similarity + (0.8 * (keyword ?? NaN)) / best, 6);
    }
  });

  it('weighs the words of a text as the book does, but for their idf', async () => {
    const text = 'zebra yak yak whale';
    const [row] = await database.as('omoi_projector', (sql) =>
      sql.query<{ weights: string[] }>(
        `select array_agg((-(document.weights
                             <#> ('{' || es.term('n', word) || ':1}/1000000000')::sparsevec))::text
                          order by nth) as weights
           from es.keyword_document('n', $1) as document
          cross join unnest($2::text[]) with ordinality as asked(word, nth)`,
        [text, ['zebra', 'yak', 'unsaid']],
      ),
    );
    const [k1, b, usual, length] = [1.2, 0.75, 60, 4];
    const weight = (times: number): number =>
      (times * (k1 + 1)) / (times + k1 * (1 - b + (b * length) / usual));

    expect(row?.weights.map(Number)).toEqual([
      expect.closeTo(weight(1), 5),
      expect.closeTo(weight(2), 5),
      0,
    ]);
  });

  it('scores by BM25', async () => {
    const text = 'w3 w17 w90 w200';
    const { hits } = await find('few', { text, mode: 'keyword', limit: 3 });
    const [top] = hits;
    const bm25 = await bm25Of('few', top?.memory_id ?? '', text.split(' '));

    expect(top?.keyword).toBeCloseTo(bm25, 3);
    expect(top?.rank).toBeCloseTo(1, 6);
  });

  /** As in the book, over the lexemes of the texts; these have no identifiers and no stop words. */
  const bm25Of = async (namespace: string, id: string, words: string[]): Promise<number> => {
    const rows = await database.as('omoi_projector', (sql) =>
      sql.query<{ id: string; term: number }>(
        `select keywords.memory_id as id, term
           from memory_keywords as keywords cross join lateral unnest(keywords.terms) as term
          where keywords.namespace = $1`,
        [namespace],
      ),
    );
    const terms = await database.as('omoi_projector', (sql) =>
      sql.query<{ term: number; weight: number }>(
        `select es.term($1, word) as term,
                -(keywords.weights <#> ('{' || es.term($1, word) || ':1}/1000000000')::sparsevec)
                  as weight
           from unnest($2::text[]) as word
           join memory_keywords as keywords on keywords.namespace = $1 and keywords.memory_id = $3`,
        [namespace, words, id],
      ),
    );
    const n = new Set(rows.map((row) => row.id)).size;
    const idf = (term: number): number => {
      const df = rows.filter((row) => row.term === term).length;
      return Math.log(1 + (n - df + 0.5) / (df + 0.5));
    };

    return terms.reduce((sum, { term, weight }) => sum + idf(term) * weight, 0);
  };
});
