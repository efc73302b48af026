import { startProcess, type ServiceProcess } from '../../support/process.js';
import { ask, execution, type Answer } from '../api.js';
import { embeddedGround, Server, type Ground } from '../ground.js';
import { intact } from '../proofs.js';
import type { Found, Scenario } from '../scenario.js';

const WRITERS = 32;
const ROUNDS = 15;
const RACES = 20;
const RACERS = 50;
const REPETITIONS = 30;
const SAYS =
  '32 clients write, one request in three is refused, and a reader follows; 50 race, 20 times';

export const racesEmbedded: Scenario = {
  says: `${SAYS} (embedded).`,
  onServer: false,

  run: async () => on(await embeddedGround(), 1),
};

export const racesOnServer: Scenario = {
  says: `${SAYS} (two services on one server).`,
  onServer: true,

  run: async () => on(await Server.required().ground(), 2),
};

type Services = readonly ServiceProcess[];

async function on(ground: Ground, processes: number): Promise<Found[]> {
  const services: ServiceProcess[] = [];
  for (let n = 0; n < processes; n += 1) services.push(await startProcess(ground.env));
  const acknowledged = new Map<string, string>();
  const found = [
    await tailed(services, acknowledged),
    await raced(services),
    await repeated(services, acknowledged),
    ...(await intact(one(services), acknowledged)),
  ];
  for (const service of services) await service.stop();
  await ground.remove();

  return found;
}

const one = (services: Services, nth = 0): ServiceProcess => {
  const service = services[nth % services.length];
  if (!service) throw new Error('There is no service.');

  return service;
};

/** What a reader saw of the log while it grew is what is there afterwards: no gap, no double, no inversion. */
async function tailed(services: Services, acknowledged: Map<string, string>): Promise<Found> {
  let isOver = false;
  const reading = follow(one(services), () => isOver);
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => write(services, writer, acknowledged)),
  );
  isOver = true;
  const seen = await reading;
  const there = await follow(one(services), () => true);

  return {
    what: 'events that a tailing reader saw, in their order',
    count: seen.length,
    wrong: Number(seen.join() !== there.join()),
  };
}

/** One request in three uses the id of an earlier execution for something else. */
async function write(
  services: Services,
  writer: number,
  acknowledged: Map<string, string>,
): Promise<void> {
  const id = `writer-${String(writer)}`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const isRefused = round % 3 === 2;
    const body = execution(id, isRefused ? round - 1 : round);
    const answer = await ask(one(services, writer), '/memory/store', {
      ...body,
      ...(isRefused && { execution_summary: 'Something else' }),
    });
    if (answer?.status !== (isRefused ? 409 : 201)) throw new Error(unexpected(answer));
    if (!isRefused) acknowledged.set(`${id}-${String(round)}`, String(answer.body.memory_id));
  }
}

/** Positions of all events, from the first on, until nothing comes and `isOver`. */
async function follow(service: ServiceProcess, isOver: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  for (let isLast = false; !isLast;) {
    const wasOver = isOver();
    const after = String(seen.at(-1) ?? 0);
    const answer = await ask(service, `/admin/events?limit=100&after=${after}`);
    if (answer?.status !== 200) throw new Error(unexpected(answer));
    const items = answer.body.items as { position: number }[];
    seen.push(...items.map(({ position }) => position));
    isLast = wasOver && items.length === 0;
  }

  return seen;
}

/** Of those who want the same id for something else each, one gets it. */
async function raced(services: Services): Promise<Found> {
  let wrong = 0;
  for (let race = 0; race < RACES; race += 1) {
    const answers = await Promise.all(
      Array.from({ length: RACERS }, (_, racer) =>
        ask(one(services, racer), '/tasks', {
          id: `race-${String(race)}`,
          type: 'race',
          description: `Racer ${String(racer)}`,
        }),
      ),
    );
    const statuses = answers.map((answer) => answer?.status).toSorted();
    wrong += Number(statuses.join() !== [201, ...Array<number>(RACERS - 1).fill(409)].join());
  }

  return { what: `races of ${String(RACERS)} with one winner`, count: RACES, wrong };
}

/** Who says the same at once is answered the same, and it happens once. */
async function repeated(services: Services, acknowledged: Map<string, string>): Promise<Found> {
  const answers = await Promise.all(
    Array.from({ length: REPETITIONS }, (_, n) =>
      ask(one(services, n), '/memory/store', execution('repeated', 1)),
    ),
  );
  const [first] = answers;
  acknowledged.set('repeated-1', String(first?.body.memory_id));
  const stored = await ask(one(services), '/memory/executions?task_id=repeated-1');
  const isOne = (stored?.body.items as unknown[] | undefined)?.length === 1;
  const unlike = answers.filter((answer) => answer?.body.memory_id !== first?.body.memory_id);
  const made = answers.filter((answer) => answer?.status === 201);

  return {
    what: 'repetitions at once with one answer',
    count: REPETITIONS,
    wrong: unlike.length + Number(made.length !== 1) + Number(!isOne),
  };
}

const unexpected = (answer: Answer): string => `Not foreseen: ${JSON.stringify(answer)}`;
