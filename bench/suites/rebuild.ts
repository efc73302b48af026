import { setTimeout as sleep } from 'node:timers/promises';
import ormOptions from '../../mikro-orm.config.js';
import { ConfigModule } from '../../src/config/index.js';
import { DatabaseModule } from '../../src/database/index.js';
import { Projections, Rebuilds } from '../../src/event-store/index.js';
import { type Asked, type EmbedderName } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { withFreshDatabase, type FreshDatabase } from '../database.js';
import { withEmmett } from '../emmett-log.js';
import { type Pulling } from '../emmett.js';
import { leanRead } from '../lean-read.js';
import { withLogRoom, type LogRoom } from '../log-room.js';
import { fill } from '../log.js';
import { withRooms, type Rooms } from '../rooms.js';
import { compared, inTurn, rateOf, type Contender } from '../rounds.js';
import { rowsAlike, RowsAlikeModule, TABLE } from '../rows-alike.js';
import { withServiceOn } from '../service.js';
import { EMBEDDED, NONE, onServer, type Outcome, type Suite } from '../suite.js';

const EVENTS = 50_000;
/** The learner follows a few hundred a second there. */
const EVENTS_EMBEDDED = 5_000;
/** It reads a hundred a page, and rests between two: a longer log would say the same, much later. */
const EVENTS_OF_EMMETT = 5_000;
const ROUNDS = 3;
/** The projection of the product that keeps one row an event. */
const MEMORIES = 'task-memories';
const RATIOS = {
  rebuild_ratio_to_lean: ['own', 'lean'],
  rebuild_ratio_to_emmett: ['own', 'emmett'],
  rebuild_ratio_to_emmett_hurried: ['own', 'emmett_hurried'],
  memories_ratio_to_lean: ['memories', 'lean'],
  memories_ratio_to_emmett: ['memories', 'emmett'],
} as const;
/** Without a rest between two pages, and with larger ones than it reads when nothing is said. */
const HURRIED = { batchSize: 1_000, pullingFrequencyInMs: 0 };
const LOOK_EVERY_MS = 10;
const PATIENCE_MS = 10 * 60_000;

/** How fast are the rows of a projection made anew from the log, over reading it and over Emmett? */
export const rebuild: Suite = {
  records: 'generated',
  bars: onServer({
    rebuild_ratio_to_lean: { atLeast: 0.2 },
    rebuild_ratio_to_emmett: { atLeast: 20 },
    memories_ratio_to_lean: { atLeast: 0.2 },
  }),

  run: ({ embedder }: Asked) =>
    withFreshDatabase(async (database): Promise<Outcome> => {
      const hasEmmett = await withLogRoom(database.env, (room) => filled(room, eventsOn(database)));
      const contenders = [
        ownOn(database),
        memoriesOn(database, embedder),
        leanOn(database),
        ...(hasEmmett ? emmettOn(database) : []),
      ];
      const rates = await inTurn('Rebuilding', contenders, ROUNDS);

      return {
        n: eventsOn(database),
        ...compared(rates, RATIOS),
        latencies: [],
        modelKey: NONE,
        database: database.name,
      };
    }),
};

const eventsOn = ({ name }: FreshDatabase): number =>
  name === EMBEDDED ? EVENTS_EMBEDDED : EVENTS;

/** Fills both logs, and says whether there is that of Emmett. */
async function filled({ log, database, connections }: LogRoom, events: number): Promise<boolean> {
  await fill('Filling the log', log, events);
  await database.outside('vacuum (analyze)');
  await database.as('omoi_owner', (sql) => sql.query(TABLE));

  return withEmmett(connections, 1, async (emmett) => {
    if (emmett) await fill('Filling that of Emmett', emmett, EVENTS_OF_EMMETT);
    return emmett !== null;
  });
}

const ROWS_ALONE: Rooms = (settings) => [
  ConfigModule.with(settings),
  DatabaseModule.with(ormOptions),
  RowsAlikeModule,
];

const ownOn = (database: FreshDatabase): Contender => ({
  name: 'own',
  round: () =>
    withRooms(database.env, ROWS_ALONE, async (house) => {
      const [projections, rebuilds] = [house.get(Projections), house.get(Rebuilds)];
      await caughtUp(() => projections.list(), [rowsAlike.name]);
      return rateOf(eventsOn(database), async () => {
        const id = await rebuilds.start(rowsAlike.name, true);
        return over(() => rebuilds.find(id));
      });
    }),
});

/** In the round that is not counted it has everything to follow first, and that may take a while. */
const memoriesOn = (database: FreshDatabase, embedder: EmbedderName): Contender => ({
  name: 'memories',
  round: () =>
    withServiceOn(database, { embedder }, async ({ api }) => {
      const everybody = (await api.projections()).items.map(({ name }) => name);
      await caughtUp(
        async () => (await api.projections()).items,
        everybody.filter((name) => name !== rowsAlike.name),
      );
      return rateOf(eventsOn(database), async () => {
        const { rebuild_id } = await api.beginRebuild(MEMORIES);
        return over(() => api.rebuild(rebuild_id));
      });
    }),
});

/** Waits until none of `names` is behind the log, so that a rebuild has the machine for itself. */
async function caughtUp(
  list: () => Promise<readonly { name: string; status: string; lag: number | null }[]>,
  names: readonly string[],
): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  while (performance.now() < patience) {
    const living = (await list()).filter(
      ({ name, status }) => status === 'active' && names.includes(name),
    );
    if (living.every(({ lag }) => lag === 0)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new CannotRun('The log was not followed to its end.');
}

/** Waits until readers have the new rows; gives how many events were read. */
async function over(look: () => Promise<{ status: string; target: number }>): Promise<number> {
  for (;;) {
    const { status, target } = await look();
    if (status === 'swapped') return target;
    if (status === 'failed') throw new CannotRun('The projection could not be rebuilt.');
    await sleep(LOOK_EVERY_MS);
  }
}

const leanOn = (database: FreshDatabase): Contender => ({
  name: 'lean',
  round: () =>
    withLogRoom(database.env, async ({ connections: { own } }) => {
      // A connection that was just opened reads its first pages slower.
      await leanRead(own);
      return rateOf(eventsOn(database), () => leanRead(own));
    }),
});

function emmettOn({ env }: FreshDatabase): Contender[] {
  const by = (pulling?: Pulling) => (): Promise<number> =>
    withLogRoom(env, ({ connections }) =>
      withEmmett(connections, 1, async (emmett) =>
        rateOf(EVENTS_OF_EMMETT, async () => (await emmett?.rebuild(pulling)) ?? 0),
      ),
    );

  return [
    { name: 'emmett', round: by() },
    { name: 'emmett_hurried', round: by(HURRIED) },
  ];
}
