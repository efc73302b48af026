import { startProcess } from '../../support/process.js';
import { ask, execution, until, wait } from '../api.js';
import { Server } from '../ground.js';
import { intact } from '../proofs.js';
import type { Found, Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const WRITERS = 4;
const BEFORE_THE_KILL_MS = 10_000;
const GOES_ON_WITHIN_MS = 5_000;

export const twoProcesses: Scenario = {
  says: 'Two services on one server, each written to by 2 clients; one is killed, the other goes on within 5 s.',
  onServer: true,

  run: async () => {
    const server = Server.required();
    const ground = await server.ground();
    const [one, other] = [await startProcess(ground.env), await startProcess(ground.env)];
    const living = { of: (writer: number) => (writer % 2 === 0 ? one : other) };
    const writers = new Writers(WRITERS, (writer) => living.of(writer));
    await wait(BEFORE_THE_KILL_MS);
    await one.killAll();
    living.of = () => other;
    const took = await goesOn(other);
    await wait(3_000);
    await writers.stop();
    const found: Found[] = [
      { what: 'ms until the other went on', count: took, wrong: Number(took > GOES_ON_WITHIN_MS) },
      ...(await intact(other, writers.acknowledged)),
    ];
    await other.stop();
    await ground.remove();

    return found;
  },
};

/** How long after a store its row and its pattern can be read, in ms. */
async function goesOn(service: { url: string }): Promise<number> {
  const begin = performance.now();
  await until('it goes on', async () => {
    const stored = await ask(service, '/memory/store', execution('after-the-kill', 1));
    const memory = await ask(service, `/memory/executions/${String(stored?.body.memory_id)}`);
    return memory?.status === 200;
  });

  return Math.round(performance.now() - begin);
}
