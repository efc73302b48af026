import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGoldenLog } from '../../../bench/golden-log.js';
import { poolOf } from '../../../src/database/orm.js';
import type { CaughtUp } from '../../../src/patterns/learn/caught-up.js';
import { LogTimes } from '../../../src/patterns/look-back/log-times.js';
import { LookBack } from '../../../src/patterns/look-back/look-back.js';
import { EvidenceReader } from '../../../src/patterns/read-model/evidence.reader.js';
import { HistogramsTable } from '../../../src/patterns/read-model/histograms.table.js';
import { NOW } from '../../../src/patterns/read-model/learner.js';
import { PastReader } from '../../../src/patterns/read-model/past.reader.js';
import { PatternReader } from '../../../src/patterns/read-model/pattern.reader.js';
import { PredictionReader } from '../../../src/patterns/read-model/prediction.reader.js';
import { SampleReader } from '../../../src/patterns/read-model/sample.reader.js';
import { SuggestionReader } from '../../../src/patterns/read-model/suggestion.reader.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { GoldenTables } from '../patterns/golden-tables.js';
import { one, type Wish } from '../patterns/log-tables.js';
import { RecordedDatabase } from './recorded-database.js';

const NAMESPACE = 'golden';
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('The statements of a reader of patterns', () => {
  let opened: OpenDatabase;
  let database: RecordedDatabase;
  let patterns: PatternReader;
  let tables: GoldenTables;

  beforeAll(async () => {
    opened = await openDatabase();
    database = new RecordedDatabase(await poolOf(opened.orm));
    const { steps } = await readGoldenLog('test/fixtures/golden-learner');
    tables = new GoldenTables(database);
    await tables.append(steps.slice(0, 60));
    await tables.learn();
    patterns = new PatternReader(database);
  });
  afterAll(() => opened.close());

  const statuses = ['candidate', 'active'] as const;
  const filter = {
    matching: null,
    patternType: null,
    statuses,
    minConfidence: 0,
    isFlagged: null,
    parent: null,
  };

  it('in a list are these, however many patterns there are', async () => {
    const one = await database.during(() => patterns.list(NAMESPACE, filter, null, 1));
    const many = await database.during(() => patterns.list(NAMESPACE, filter, null, 50));

    expect(many).toEqual(one);
    expect(many).toMatchSnapshot();
  });

  it('about evidence are these', async () => {
    const evidence = new EvidenceReader(database);
    const [first] = await patterns.list(NAMESPACE, filter, null, 1);
    const id = first?.pattern_id ?? '';

    expect(
      await database.during(() => evidence.behind(NAMESPACE, id, { after: '0', limit: 21 })),
    ).toMatchSnapshot('behind');
    expect(
      await database.during(() => evidence.history(NAMESPACE, id, { after: 0, limit: 21 }, NOW)),
    ).toMatchSnapshot('history');
  });

  it('about an earlier pattern are these', async () => {
    const { store } = tables;
    const lookBack = new LookBack(
      store,
      new LogTimes(store),
      { withOutcomes: () => store.head() } as unknown as CaughtUp,
      new PastReader(database),
    );
    const [error] = await patterns.list(NAMESPACE, { ...filter, patternType: 'failure' }, null, 1);
    const id = error?.pattern_id ?? '';
    const page = { after: '0', limit: 21 };

    expect(await database.during(() => lookBack.pattern(NAMESPACE, id, 50n))).toMatchSnapshot(
      'pattern',
    );
    expect(await database.during(() => lookBack.behind(NAMESPACE, id, 50n, page))).toMatchSnapshot(
      'behind',
    );
  });

  it('about a prediction are these', async () => {
    const reader = new PredictionReader(database);
    const candidate = {
      taskType: 'humaneval/rust',
      agent: 'reflexion gpt-4',
      task: 'humaneval_98',
    };

    expect(await database.during(() => reader.stateFor(NAMESPACE, candidate))).toMatchSnapshot();
  });

  it('about medians is this', async () => {
    const load = (): Promise<unknown> =>
      database.within(NAMESPACE, (sql) =>
        new HistogramsTable(sql, NAMESPACE).load(['humaneval/rust', 'fix_bug']),
      );

    expect(await database.during(load)).toMatchSnapshot();
  });

  it('about what became of suggestions are these', async () => {
    const [first] = await patterns.list(NAMESPACE, filter, null, 1);
    const id = first?.pattern_id ?? '';
    await tables.write(suggested(id, first?.definition.at(-1) ?? ''));
    await tables.learn();
    const suggestions = new SuggestionReader(database);

    expect(await database.during(() => patterns.one(NAMESPACE, id))).toMatchSnapshot('uplift');
    expect(await database.during(() => suggestions.one(NAMESPACE, NOBODY))).toMatchSnapshot('one');
    expect(
      await database.during(() => suggestions.closedBefore(NAMESPACE, 'next', NOW)),
    ).toMatchSnapshot('closed');
  });

  it('about what a regex finds are these', async () => {
    const reader = new SampleReader(database);
    const key = ['extracted', 'success', 'humaneval'] as const;

    expect(await database.during(() => reader.sample(NAMESPACE, key))).toMatchSnapshot();
  });
});

/** A pattern was served, and somebody said how it went. */
function suggested(pattern_id: string, task_type: string): Wish[] {
  const [suggestion_id, at] = [NOBODY, '2026-01-01T00:00:00.000Z'];
  const pattern = { pattern_id, status: 'active', confidence: 0.9, served_as: null, rule: null };
  const data = {
    ...{ suggestion_id, task_id: 'next', task_type, items: [], patterns: [pattern] },
    ...{ threshold: 0.5, top_k: 3, learner_version: 1, abstained: false, reason: null },
    ...{ model_key: 'none', at },
  };
  const outcome = { suggestion_id, success: true, at };
  const text = { comment: null };

  return [
    { type: 'context.suggested', data },
    { type: 'suggestion.outcome_recorded', data: outcome, text },
  ].map((event) => ({ actor: null, write: one(`suggestion-${suggestion_id}`, event) }));
}
