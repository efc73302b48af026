import { CannotRun } from './cannot-run.js';
import { percentile } from './metrics.js';
import { goThrough } from './progress.js';
import { type Figures, type Outcome } from './suite.js';

/** Somebody who does the same work in another way. */
export interface Contender {
  readonly name: string;
  /** Does it once, and gives events per second. */
  round(): Promise<number>;
}

/** Events per second by contender, round by round. */
export type Rates = Readonly<Record<string, readonly number[]>>;

/**
 * All of them in turn, again and again, so that a machine that is busy for a while is so for
 * everybody. What they do first is not counted.
 */
export async function inTurn(
  label: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Rates> {
  const rates: Record<string, number[]> = {};
  const turns = Array.from({ length: rounds + 1 }, () => contenders).flat();
  const measured = await goThrough(label, turns, async (contender) => ({
    name: contender.name,
    rate: await contender.round(),
  }));
  for (const { name, rate } of measured.slice(contenders.length)) (rates[name] ??= []).push(rate);

  return rates;
}

/** Events per second of `callers` that each do `work`, of so many `events`, again and again for `ms`. */
export async function eventsPerSecond(
  { callers, events, ms }: { callers: number; events: number; ms: number },
  work: () => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  const call = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      await work();
      done += events;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));

  return (1_000 * done) / (performance.now() - start);
}

/**
 * How fast `work` went through the events that it counts, in events per second.
 * @throws CannotRun when they are fewer than `least`
 */
export async function rateOf(least: number, work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const events = await work();
  const seconds = (performance.now() - start) / 1_000;
  if (events < least) throw new CannotRun(`Went through ${events} events of ${least}.`);

  return events / seconds;
}

/**
 * The ratios that are asked for as figures: of each the median of its rounds. The slices hold the
 * spread of every rate and ratio. A ratio to somebody who did not take part is left out.
 * @param ratios by name: whose rate over whose
 */
export function compared(
  rates: Rates,
  ratios: Readonly<Record<string, readonly [of: string, to: string]>>,
): Pick<Outcome, 'metrics' | 'slices'> {
  const known = Object.entries(ratios).flatMap(([name, [of, to]]) => {
    const [above, below] = [rates[of], rates[to]];
    if (!above || !below) return [];
    return [[name, above.map((rate, round) => rate / (below[round] ?? NaN))] as const];
  });
  const whole = Object.entries(rates).map(
    ([name, values]) => [`${name}_per_second`, values.map(Math.round)] as const,
  );

  return {
    metrics: Object.fromEntries(known.map(([name, values]) => [name, percentile(values, 50)])),
    slices: Object.fromEntries(
      [...whole, ...known].map(([name, values]) => [name, spreadOf(values)]),
    ),
  };
}

const spreadOf = (values: readonly number[]): Figures => ({
  median: percentile(values, 50),
  min: Math.min(...values),
  max: Math.max(...values),
});
