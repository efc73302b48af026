import { setTimeout as sleep } from 'node:timers/promises';
import { type Api } from '../api.js';
import { type Asked, type EmbedderName } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { withFreshDatabase, type FreshDatabase } from '../database.js';
import { withEmmett } from '../emmett-log.js';
import { type Pulling } from '../emmett.js';
import { leanRead } from '../lean-read.js';
import { withLogRoom, type LogRoom } from '../log-room.js';
import { fill } from '../log.js';
import { compared, inTurn, rateOf, type Contender } from '../rounds.js';
import { withServiceOn } from '../service.js';
import { NONE, onServer, type Outcome, type Suite } from '../suite.js';

const EVENTS = 50_000;
/** It reads a hundred a page, and rests between two: a longer log would say the same, much later. */
const EVENTS_OF_EMMETT = 5_000;
const ROUNDS = 3;
/** A projection that keeps one row an event. */
const PROJECTION = 'task-memories';
const RATIOS = {
  rebuild_ratio_to_lean: ['own', 'lean'],
  rebuild_ratio_to_emmett: ['own', 'emmett'],
  rebuild_ratio_to_emmett_hurried: ['own', 'emmett_hurried'],
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
  }),

  run: ({ embedder }: Asked) =>
    withFreshDatabase(async (database): Promise<Outcome> => {
      const hasEmmett = await withLogRoom(database.env, filled);
      const contenders = [
        ownOn(database, embedder),
        leanOn(database),
        ...(hasEmmett ? emmettOn(database) : []),
      ];
      const rates = await inTurn('Rebuilding', contenders, ROUNDS);

      return {
        n: EVENTS,
        ...compared(rates, RATIOS),
        latencies: [],
        modelKey: NONE,
        database: database.name,
      };
    }),
};

/** Fills both logs, and says whether there is that of Emmett. */
async function filled({ log, database, connections }: LogRoom): Promise<boolean> {
  await fill('Filling the log', log, EVENTS);
  await database.outside('vacuum (analyze)');

  return withEmmett(connections, 1, async (emmett) => {
    await emmett?.turn(() => fill('Filling that of Emmett', emmett, EVENTS_OF_EMMETT));
    return emmett !== null;
  });
}

/** In the round that is not counted it has everything to follow first, and that may take a while. */
const ownOn = (database: FreshDatabase, embedder: EmbedderName): Contender => ({
  name: 'own',
  round: () =>
    withServiceOn(database, { embedder }, async ({ api }) => {
      await caughtUp(api);
      return rateOf(EVENTS, () => rebuilt(api));
    }),
});

/** Waits until nobody is behind the log, so that a rebuild has the machine for itself. */
async function caughtUp(api: Api): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  while (performance.now() < patience) {
    const { items } = await api.projections();
    if (items.every(({ status, lag }) => status !== 'active' || lag === 0)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new CannotRun('The service has not followed its log to the end.');
}

/** From asking for it until readers have the new rows; gives how many events were read. */
async function rebuilt(api: Api): Promise<number> {
  const { rebuild_id } = await api.beginRebuild(PROJECTION);
  for (;;) {
    const { status, target } = await api.rebuild(rebuild_id);
    if (status === 'swapped') return target;
    if (status === 'failed') throw new CannotRun('The service could not rebuild the projection.');
    await sleep(LOOK_EVERY_MS);
  }
}

const leanOn = ({ env }: FreshDatabase): Contender => ({
  name: 'lean',
  round: () =>
    withLogRoom(env, async ({ connections: { own } }) => {
      // A connection that was just opened reads its first pages slower.
      await leanRead(own);
      return rateOf(EVENTS, () => leanRead(own));
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
