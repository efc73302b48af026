import { type Asked, type Records } from './arguments.js';

/** What a figure has to reach. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** Bars by the name of the figure. */
export type Bars = Readonly<Record<string, Bar>>;

/** Figures by name. */
export type Figures = Readonly<Record<string, number>>;

/** For a model, a mode or a database that a suite did without. */
export const NONE = 'none';

/** The name of the database that a process carries with it. */
export const EMBEDDED = 'embedded';

/** Bars for a server alone; the embedded database is for one user, and its figures are only shown. */
export const onServer =
  (bars: Bars): Suite['bars'] =>
  (_asked, database) =>
    database === EMBEDDED ? {} : bars;

/** What a suite measured. */
export interface Outcome {
  /** How many queries, pairs or rounds. */
  readonly n: number;
  readonly metrics: Figures;
  /** The same for parts of the set, by the part's name. */
  readonly slices: Readonly<Record<string, Figures>>;
  /** What has to be said of a part in words, by its name. */
  readonly remarks?: Readonly<Record<string, string>>;
  /** What each request took, in milliseconds; none when nothing was asked. */
  readonly latencies: readonly number[];
  /** Which model the figures rest on, or `NONE`. */
  readonly modelKey: string;
  /** Which mode the figures rest on, where it is not the one that was asked for. */
  readonly mode?: 'hybrid' | 'every';
  /** Which database it ran on, in words, or `NONE`. */
  readonly database: string;
  /** What was measured as a picture, where there is one: an SVG document. */
  readonly plot?: string;
}

/** One benchmark. */
export interface Suite {
  readonly records: Records;
  /** What it has to reach as it was asked, on a database. */
  bars(asked: Pick<Asked, 'mode' | 'rows'>, database: string): Bars;
  /** @throws CannotRun when there is nothing to measure, or nothing to measure it with. */
  run(asked: Asked): Promise<Outcome>;
}

/** Does `work` and notes in `latencies` how many milliseconds it took. */
export async function timed<Result>(
  latencies: number[],
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  const result = await work();
  latencies.push(performance.now() - start);

  return result;
}
