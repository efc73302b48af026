import { type Asked } from '../arguments.js';
import { foldGolden } from '../golden-fold.js';
import { differences, readGoldenLog, type Expected } from '../golden-log.js';
import { goThrough } from '../progress.js';
import { NONE, type Figures, type Outcome, type Suite } from '../suite.js';

/** What the learner says at one checkpoint, beside what it must say. */
interface Compared {
  readonly checkpoint: number;
  readonly rows: number;
  /** Rows with a field that is not what is expected, each in words. */
  readonly different: readonly string[];
  /** Keys that were not found, and keys that nobody expects. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Does the learner say of a real log what its definition says? Folded directly: the one such suite. */
export const golden: Suite = {
  records: 'given',
  bars: () => ({
    different: { atMost: 0 },
    missing: { atMost: 0 },
    unexpected: { atMost: 0 },
  }),

  async run({ data }: Asked): Promise<Outcome> {
    const log = await readGoldenLog(data);
    const found = foldGolden(log);
    const parts = await goThrough('Comparing', log.checkpoints, (checkpoint) => {
      const expected = log.expected.filter((row) => row.checkpoint === checkpoint);
      return Promise.resolve(compared(checkpoint, expected, found.get(checkpoint) ?? []));
    });
    const wrong = parts.flatMap(({ different, missing, unexpected }) => [
      ...different,
      ...missing,
      ...unexpected,
    ]);
    if (wrong.length > 0) process.stderr.write(`First of ${wrong.length}: ${String(wrong[0])}\n`);

    return {
      n: log.expected.length,
      metrics: figuresOf(parts),
      slices: Object.fromEntries(
        parts.map((part) => [`after ${part.checkpoint}`, figuresOf([part])]),
      ),
      latencies: [],
      modelKey: NONE,
      database: NONE,
    };
  },
};

function compared(
  checkpoint: number,
  expected: readonly Expected[],
  found: readonly Expected[],
): Compared {
  const wanted = new Set(expected.map(nameOf));
  const rows = new Map(found.map((row) => [nameOf(row), row]));
  const known = expected.filter((row) => rows.has(nameOf(row)));

  return {
    checkpoint,
    rows: expected.length,
    different: known.flatMap((row) => {
      const fields = differences(row, rows.get(nameOf(row)));
      return fields.length === 0 ? [] : [`${wordsOf(row)} in ${fields.join(', ')}`];
    }),
    missing: expected
      .filter((row) => !rows.has(nameOf(row)))
      .map((row) => `${wordsOf(row)} is missing`),
    unexpected: found
      .filter((row) => !wanted.has(nameOf(row)))
      .map((row) => `${wordsOf(row)} is not expected`),
  };
}

const nameOf = ({ key }: Expected): string => JSON.stringify(key);

const wordsOf = (row: Expected): string => `${nameOf(row)} after ${row.checkpoint}`;

function figuresOf(parts: readonly Compared[]): Figures {
  const count = (of: (part: Compared) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);

  return {
    rows: count(({ rows }) => rows),
    different: count(({ different }) => different.length),
    missing: count(({ missing }) => missing.length),
    unexpected: count(({ unexpected }) => unexpected.length),
  };
}
