import { withPool } from '../connections.js';
import { withFreshDatabase } from '../database.js';
import { withEmmett } from '../emmett-log.js';
import { withLogRoom, type LogRoom } from '../log-room.js';
import { type Log } from '../log.js';
import { executionsStored } from '../made-events.js';
import { RawLog } from '../raw-log.js';
import { compared, eventsPerSecond, inTurn, type Contender, type Rates } from '../rounds.js';
import { NONE, onServer, type Outcome, type Suite } from '../suite.js';

/** Many short turns: how fast the machine is changes from second to second. */
const ROUNDS = 31;
const ROUND_MS = 250;
const MOST_CALLERS = 32;

/** So many callers at once, and so many events in each append. */
const LOADS = {
  32: { callers: MOST_CALLERS, events: 1 },
  1: { callers: 1, events: 1 },
  batch: { callers: 1, events: 100 },
} as const;

const RATIOS = Object.fromEntries(
  Object.keys(LOADS).flatMap((load) =>
    ['raw', 'prepared', 'emmett'].map(
      (other) => [`ratio_to_${other}_${load}`, [`own_${load}`, `${other}_${load}`]] as const,
    ),
  ),
);

/** Whoever appends, and under what name. */
interface Appender {
  readonly name: string;
  readonly log: Log;
}

/** What does an order without gaps cost, with streams, versions and keys, over a plain INSERT? */
export const append: Suite = {
  records: 'generated',
  bars: onServer({
    ratio_to_raw_32: { atLeast: 0.5 },
    ratio_to_emmett_32: { atLeast: 1.5 },
    ratio_to_raw_1: { atLeast: 0.7 },
    ratio_to_raw_batch: { atLeast: 0.8 },
  }),

  run: () =>
    withFreshDatabase(({ name, env }) =>
      withLogRoom(env, async (room): Promise<Outcome> => {
        const { metrics, slices } = compared(await withAppenders(room, ratesOf), RATIOS);

        return { n: ROUNDS, metrics, slices, latencies: [], modelKey: NONE, database: name };
      }),
    ),
};

const withAppenders = <Result>(
  { log, connections }: LogRoom,
  work: (appenders: readonly Appender[]) => Promise<Result>,
): Promise<Result> =>
  withPool(connections, MOST_CALLERS, async (pool) => {
    const { plain, prepared } = await RawLog.make(pool);
    const mine: Appender[] = [
      { name: 'own', log },
      { name: 'raw', log: plain },
    ];
    // Embedded, a prepared statement outlives its connection and stands in the way of the next.
    if (!connections.isEmbedded) mine.push({ name: 'prepared', log: prepared });

    return withEmmett(connections, MOST_CALLERS, (emmett) =>
      work(emmett ? [...mine, { name: 'emmett', log: emmett }] : mine),
    );
  });

async function ratesOf(appenders: readonly Appender[]): Promise<Rates> {
  const rates: Rates[] = [];
  for (const [load, { callers, events }] of Object.entries(LOADS)) {
    const contenders = appenders.map(({ name, log }): Contender => {
      const work = (): Promise<void> => log.append(executionsStored(events));
      const round = (): Promise<number> => eventsPerSecond({ callers, events, ms: ROUND_MS }, work);
      return { name: `${name}_${load}`, round };
    });
    rates.push(await inTurn(`Appending (${load})`, contenders, ROUNDS));
  }

  return Object.assign({}, ...rates) as Rates;
}
