import { type Asked, type Mode } from './arguments.js';

/** What a figure has to reach. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** Figures by name. */
export type Figures = Readonly<Record<string, number>>;

/** What a suite measured. */
export interface Outcome {
  /** How many queries, pairs or rounds. */
  readonly n: number;
  readonly metrics: Figures;
  /** The same for parts of the set, by the part's name. */
  readonly slices: Readonly<Record<string, Figures>>;
  /** What each request took, in milliseconds. */
  readonly latencies: readonly number[];
  readonly modelKey: string;
  /** Which database it ran on, in words. */
  readonly database: string;
}

/** One benchmark. */
export interface Suite {
  bars(mode: Mode): Readonly<Record<string, Bar>>;
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
