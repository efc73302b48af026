import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../../../src/config/index.js';
import { poolOf } from '../../../src/database/orm.js';
import { HashingEmbedder } from '../../../src/embedding/index.js';
import { newId } from '../../../src/kernel/index.js';
import { memoryFilter } from '../../../src/memory/read-model/memory-filter.js';
import { MemoryReader } from '../../../src/memory/read-model/memory.reader.js';
import {
  SimilarReader,
  type Neighbourhood,
} from '../../../src/memory/read-model/similar.reader.js';
import { Spaces } from '../../../src/memory/read-model/spaces.js';
import { type VectorTable } from '../../../src/memory/read-model/vector-table.js';
import { PhaseReader } from '../../../src/phases/read-model/phase.reader.js';
import { TaskReader } from '../../../src/tasks/read-model/task.reader.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { dice, randomUnit, remember } from './many-memories.js';
import { RecordedDatabase } from './recorded-database.js';

const NAMESPACE = 'many';
const EVERYTHING = memoryFilter.parse({});

const among = (wanted: Partial<Neighbourhood> = {}): Neighbourhood => ({
  filter: EVERYTHING,
  successOnly: false,
  onePerTask: true,
  exceptTask: null,
  limit: 10,
  ...wanted,
});

describe('The statement of a reader', () => {
  let opened: OpenDatabase;
  let database: RecordedDatabase;
  let spaces: Spaces;
  let vectors: VectorTable;
  let similar: SimilarReader;

  beforeAll(async () => {
    opened = await openDatabase();
    database = new RecordedDatabase(await poolOf(opened.orm));
    const url = process.env.TEST_DATABASE_URL;
    const settings = new Settings(isServer ? { DATABASE_URL: url } : {});
    spaces = new Spaces(settings, database);
    const space = spaces.make(new HashingEmbedder().profile);
    space.embedder = new HashingEmbedder();
    spaces.ask(space);
    vectors = space.vectors;
    await vectors.make();
    similar = new SimilarReader(database);
    await remember(
      database,
      { table: vectors.name, namespace: NAMESPACE, count: 6_000 },
      DIMENSIONS,
    );
    await remember(database, { table: vectors.name, namespace: 'few', count: 100 }, DIMENSIONS);
  }, 120_000);
  afterAll(() => opened.close());

  const query = (seed: number): Float32Array => randomUnit(DIMENSIONS, dice(seed));

  it('about phases is this', async () => {
    const phases = new PhaseReader(database);

    expect(await database.during(() => phases.all())).toMatchSnapshot();
  });

  it('about tasks is this', async () => {
    const tasks = new TaskReader(database);
    const filter = { type: 'fix_bug', phase_id: null, status: 'open' };

    expect(await database.during(() => tasks.one(NAMESPACE, 't-1'))).toMatchSnapshot('one');
    expect(await database.during(() => tasks.list(NAMESPACE, filter, null, 21))).toMatchSnapshot(
      'list',
    );
  });

  it('about memories is this', async () => {
    const memories = new MemoryReader(database, spaces);
    const filter = { ...EVERYTHING, task_id: null };

    expect(await database.during(() => memories.one(NAMESPACE, newId()))).toMatchSnapshot('one');
    expect(await database.during(() => memories.list(NAMESPACE, filter, null, 21))).toMatchSnapshot(
      'list',
    );
  });

  it.each([
    ['few', 'all executions', false],
    ['few', 'one a task', true],
    [NAMESPACE, 'all executions', false],
    [NAMESPACE, 'one a task', true],
  ])('about what is similar among %s, %s, is this', async (namespace, _what, onePerTask) => {
    const statements = await database.during(() =>
      similar.nearest(namespace, vectors, query(1), among({ onePerTask })),
    );

    expect(statements).toMatchSnapshot();
  });

  /** The ten nearest of all, found by looking at every one. */
  const nearestOfAll = async (seed: number, type: string | null = null): Promise<string[]> => {
    const rows = await database.as('omoi_projector', (sql) =>
      sql.query<{ memory_id: string }>(
        `select space.memory_id
           from ${vectors.name} as space
          where space.namespace = $1 and ($3::text is null or space.task_type = $3)
          order by (space.emb <=> ${vectors.parameter(2)}) + 0, space.memory_id
          limit 10`,
        [NAMESPACE, `[${query(seed).join(',')}]`, type],
      ),
    );
    return rows.map(({ memory_id }) => memory_id);
  };

  const recall = (found: readonly string[], wanted: readonly string[]): number =>
    wanted.filter((id) => found.includes(id)).length / wanted.length;

  const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it('finds among many what looking at every one finds', async () => {
    const recalls: number[] = [];
    for (const seed of SEEDS) {
      const found = await similar.nearest(NAMESPACE, vectors, query(seed), among());
      expect(found).toHaveLength(10);
      const ids = found.map(({ memory_id }) => memory_id);
      recalls.push(recall(ids, await nearestOfAll(seed)));
    }

    expect(mean(recalls)).toBeGreaterThanOrEqual(0.9);
  });

  it('fills the list although only one in twenty may be in it', async () => {
    const filter = { ...EVERYTHING, task_type: 'rare' };
    const found = await similar.nearest(NAMESPACE, vectors, query(3), among({ filter, limit: 20 }));

    expect(found).toHaveLength(20);
    expect(found.map(({ memory_id }) => memory_id).slice(0, 10)).toEqual(
      await nearestOfAll(3, 'rare'),
    );
  });

  /** What the reader asks when there are many, with its settings, as `omoi_app`. */
  const overTheIndex = async <Row extends object>(
    before: string,
    type: string | null,
    seed = 1,
  ): Promise<Row[]> => {
    const start = database.asked.length;
    await similar.nearest(NAMESPACE, vectors, query(seed), among({ limit: 10 }));
    const [settings, search] = database.asked.slice(start).slice(-2);
    const values = (search?.values ?? []).map((value, index) => (index === 1 ? type : value));

    return database.within(NAMESPACE, async (sql) => {
      await sql.query(settings?.text ?? '', settings?.values);
      return sql.query<Row>(`${before} ${search?.text ?? ''}`, values);
    });
  };

  it('goes on in the index until the list is full, when most may not be in it', async () => {
    const recalls: number[] = [];
    for (const seed of SEEDS) {
      const found = await overTheIndex<{ memory_id: string }>('', 'rare', seed);
      expect(found).toHaveLength(10);
      const ids = found.map(({ memory_id }) => memory_id);
      recalls.push(recall(ids, await nearestOfAll(seed, 'rare')));
    }

    expect(mean(recalls)).toBeGreaterThanOrEqual(0.9);
  });

  it('goes through the index of its vectors when there are many', async () => {
    const plan = await overTheIndex<{ 'QUERY PLAN': string }>('explain', null);
    const lines = plan.map((row) => row['QUERY PLAN']).join('\n');

    expect(lines).toContain(`Index Scan using ${vectors.name}_hnsw`);
  });
});

const DIMENSIONS = new HashingEmbedder().profile.dimensions;
