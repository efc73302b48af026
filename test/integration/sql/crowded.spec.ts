import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../../../src/config/index.js';
import { HashingEmbedder } from '../../../src/embedding/index.js';
import { memoryFilter } from '../../../src/memory/read-model/memory-filter.js';
import { SearchReader } from '../../../src/memory/read-model/search.reader.js';
import { VectorTable } from '../../../src/memory/read-model/vector-table.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { dice, randomUnit, remember, rememberWords } from './many-memories.js';

/** More than are looked at one by one; five of them are of tasks of their own. */
const EXECUTIONS = 6_000;
const TASKS = 6;
const taskOf = (nth: number): string => (nth % 1_100 === 999 ? `task-${String(nth)}` : 'busy');

describe('Where one task has nearly all executions, a search', () => {
  let opened: OpenDatabase;
  let vectors: VectorTable;
  const { profile } = new HashingEmbedder();

  beforeAll(async () => {
    opened = await openDatabase();
    const { database } = opened;
    const url = process.env.TEST_DATABASE_URL;
    vectors = new VectorTable(
      new Settings(isServer ? { DATABASE_URL: url } : {}),
      database,
      profile,
    );
    await vectors.make();
    const crowd = { table: vectors.name, namespace: 'crowd', count: EXECUTIONS, taskOf };
    await remember(database, crowd, profile.dimensions);
    await rememberWords(database, 'crowd');
  });
  afterAll(() => opened.close());

  it.each([
    ['semantic', 'exact'],
    ['keyword', 'exact'],
    ['hybrid', 'exact'],
    ['semantic', 'balanced'],
    ['keyword', 'balanced'],
    ['hybrid', 'balanced'],
  ] as const)('by %s (%s) finds as many tasks as are wanted', async (mode, accuracy) => {
    const { hits, plan } = await new SearchReader(opened.database).find('crowd', vectors, {
      mode,
      accuracy,
      where: { filter: memoryFilter.parse({}), successOnly: false, exceptTask: null },
      text: 'w0 w1 w2 w3',
      vector: randomUnit(profile.dimensions, dice(5)),
      threshold: 0,
      sparesComplete: true,
      limit: TASKS,
      onePerTask: true,
      withVectors: false,
      withHighlights: true,
    });

    expect(new Set(hits.map(({ task_id }) => task_id)).size).toBe(TASKS);
    expect(plan.isWide).toBe(true);
  });
});
