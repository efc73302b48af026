import { enrol } from '../../src/event-store/checkpoints.js';
import { ProjectionFollower } from '../../src/event-store/projection-follower.js';
import { newId } from '../../src/kernel/index.js';
import { withFreshDatabase } from '../database.js';
import { withEmmett, type EmmettLog } from '../emmett-log.js';
import { leanRead } from '../lean-read.js';
import { withLogRoom, type LogRoom } from '../log-room.js';
import { fill } from '../log.js';
import { compared, inTurn, rateOf, type Contender } from '../rounds.js';
import { NONE, onServer, type Outcome, type Suite } from '../suite.js';

const EVENTS = 50_000;
/** Its consumer goes at one speed from the first event to the last: a longer log would say the same. */
const EVENTS_OF_EMMETT = 5_000;
const ROUNDS = 7;
const RATIOS = {
  replay_ratio: ['own', 'lean'],
  replay_ratio_to_emmett: ['own', 'emmett'],
} as const;

/** What does it cost to follow the log with a projection that does nothing, over reading its pages? */
export const replay: Suite = {
  records: 'generated',
  bars: onServer({ replay_ratio: { atLeast: 0.5 } }),

  run: () =>
    withFreshDatabase(({ name, env }) =>
      withLogRoom(env, async (room): Promise<Outcome> => {
        await fill('Filling the log', room.log, EVENTS);
        await room.database.outside('vacuum (analyze)');
        const rates = await withEmmett(room.connections, 1, async (emmett) => {
          if (emmett) await fill('Filling that of Emmett', emmett, EVENTS_OF_EMMETT);
          return inTurn('Replaying', contendersIn(room, emmett), ROUNDS);
        });

        return {
          n: EVENTS,
          ...compared(rates, RATIOS),
          latencies: [],
          modelKey: NONE,
          database: name,
        };
      }),
    ),
};

function contendersIn(room: LogRoom, emmett: EmmettLog | null): readonly Contender[] {
  const { own } = room.connections;
  const mine = [
    { name: 'own', round: () => rateOf(EVENTS, () => replayed(room)) },
    { name: 'lean', round: () => rateOf(EVENTS, () => leanRead(own)) },
  ];

  return emmett
    ? [...mine, { name: 'emmett', round: () => rateOf(EVENTS_OF_EMMETT, () => emmett.replay()) }]
    : mine;
}

/** Follows the whole log with a projection of its own that does nothing; gives how many events. */
async function replayed({ database, catalog }: LogRoom): Promise<number> {
  const projection = {
    name: `replay-${newId()}`,
    source: import.meta.url,
    tables: [],
    rows: () => null,
    on: { 'memory.execution_stored': () => Promise.resolve() },
  };
  const follower = new ProjectionFollower(database, catalog, projection, null);
  await database.as('omoi_projector', (sql) => enrol(sql, follower));
  let [events, applied] = [0, 1];
  while (applied > 0) {
    ({ applied } = await follower.step());
    events += applied;
  }

  return events;
}
