import { startProcess, type ServiceProcess } from '../../support/process.js';
import { ask, execution, until } from '../api.js';
import { embeddedGround, Server, type Ground } from '../ground.js';
import { intact, projections, settled } from '../proofs.js';
import { Readers } from '../readers.js';
import type { Found, Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const EVENTS = 100_000;
const WRITERS = 4;
const READERS = 4;
/** Each execution of a new task is two events. */
const BATCH = 250;
const NAMES = ['task-memories', 'learner'];
/** A client that reads and thinks. */
const PAUSE_MS = 20;

const scenario = (onServer: boolean, ground: () => Promise<Ground>): Scenario => ({
  says: 'Projections are rebuilt over 100,000 events while 4 clients write and 4 read; the service is killed in the middle of each.',
  onServer,

  run: async () => {
    const place = await ground();
    const now = { service: await startProcess(place.env) };
    await fill(now.service);
    const writers = new Writers(WRITERS, () => now.service, PAUSE_MS);
    const readers = new Readers(READERS, () => now.service);
    const found: Found[] = [];
    for (const name of NAMES) {
      const resumedAt = await rebuildAndKill(place, now, name, readers);
      found.push({ what: `${name}: resumed at`, count: resumedAt, wrong: Number(resumedAt === 0) });
    }
    await readers.stop();
    await writers.stop();
    found.push(
      { what: `reads${readers.firstError ?? ''}`, count: readers.reads, wrong: readers.errors },
      { what: 'steps back', count: 0, wrong: readers.stepsBack },
      ...(await intact(now.service, writers.acknowledged)),
    );
    await now.service.stop();
    await place.remove();

    return found;
  },
});

export const rebuildOnServer = scenario(true, () => {
  const server = Server.required();

  return server.ground();
});

export const rebuildEmbedded = scenario(false, embeddedGround);

async function fill(service: ServiceProcess): Promise<void> {
  for (let n = 0; n < EVENTS / 2; n += BATCH) {
    const executions = Array.from({ length: BATCH }, (_, at) => execution('before', n + at));
    const answer = await ask(service, '/memory/store/batch', { executions });
    if (answer?.status !== 207) {
      const { status, body } = answer ?? { status: 'no answer', body: {} };
      throw new Error(`${String(n)} were stored, then: ${String(status)} ${JSON.stringify(body)}`);
    }
  }
  await settled(service);
}

/** Begins a rebuild, kills the service half way, and lets another one finish it; gives where that went on. */
async function rebuildAndKill(
  { env }: Ground,
  now: { service: ServiceProcess },
  name: string,
  readers: Readers,
): Promise<number> {
  const begun = await ask(now.service, `/admin/projections/${name}/rebuild`, { swap: true });
  const id = String(begun?.body.rebuild_id);
  const state = async (): Promise<Record<string, unknown>> =>
    (await ask(now.service, `/admin/rebuilds/${id}`))?.body ?? {};
  await until('it is half way', async () => Number((await state()).percent) >= 40);
  readers.pause();
  await now.service.killAll();
  now.service = await startProcess(env);
  readers.goOn();
  const { position, status } = await state();
  await until('it is swapped', async () => (await state()).status === 'swapped');
  const [living] = (await projections(now.service)).filter((one) => one.name === name);
  if (living?.error) throw new Error(`${name} stands still: ${living.error}`);

  return status === 'building' ? Number(position) : 0;
}
