import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf } from '../../../bench/golden-fold.js';
import {
  differences,
  readGoldenLog,
  type Expected,
  type GoldenLog,
} from '../../../bench/golden-log.js';
import { descriptions } from '../../../src/patterns/read-model/descriptions.projection.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { asKey, GoldenTables } from './golden-tables.js';

/** In the golden log nothing is suggested, and nothing is measured. */
const NEVER_HERE = ['pattern_suggestions', 'learner_histograms'];

describe('The tables of the learner', () => {
  let opened: OpenDatabase;
  let tables: GoldenTables;
  let log: GoldenLog;

  beforeAll(async () => {
    opened = await openDatabase();
    tables = new GoldenTables(opened.database);
    log = await readGoldenLog('test/fixtures/golden-learner');
  });
  afterAll(() => opened.close());

  const at = (checkpoint: number): Expected[] =>
    log.expected.filter((expected) => expected.checkpoint === checkpoint);

  const wrongRows = (expected: readonly Expected[], found: readonly Expected[]): unknown[] => {
    const byKey = new Map(found.map((row) => [JSON.stringify(row.key), row]));
    return expected.flatMap((row) => {
      const fields = differences(
        { ...row, key: [...asKey(row.key)] },
        byKey.get(JSON.stringify(asKey(row.key))),
      );
      return fields.length === 0 ? [] : [{ row, fields }];
    });
  };

  it('hold of a real log what its definition says, in every field at every checkpoint', async () => {
    let compared = 0;
    for (const [index, checkpoint] of log.checkpoints.entries()) {
      const before = log.checkpoints[index - 1] ?? 0;
      await tables.append(
        log.steps.filter(({ executions }) => executions > before && executions <= checkpoint),
      );
      await tables.learn();
      const found = rowsOf(await tables.state(), checkpoint);
      expect(found).toHaveLength(at(checkpoint).length);
      expect(wrongRows(at(checkpoint), found)).toEqual([]);
      compared += found.length;
    }

    expect(compared).toBe(574);
  });

  it('are the same bytes after a wipe and a replay, which tells nobody anything twice', async () => {
    const before = await tables.dump();
    expect(before.size).toBe(learnerProjection.tables.length + descriptions.tables.length);
    for (const [table, rows] of before)
      expect([table, rows.length > 0]).toEqual([table, !NEVER_HERE.includes(table)]);
    const told = await tables.notices();
    expect(told).toBeGreaterThan(0);

    await tables.wipe();
    expect((await tables.dump()).get('learner_keys')).toEqual([]);
    await tables.learn();

    expect(await tables.dump()).toEqual(before);
    expect(await tables.notices()).toBe(told);
  });
});
