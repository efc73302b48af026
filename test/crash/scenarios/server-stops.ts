import { startProcess } from '../../support/process.js';
import { wait } from '../api.js';
import { Server } from '../ground.js';
import { intact } from '../proofs.js';
import type { Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const STOPS = 4;
const KILLS = 20;
const WRITERS = 4;

export const serverStops: Scenario = {
  says: 'The server is stopped (immediate) 4 times and the service killed (SIGKILL) 20 times while 4 clients write.',
  onServer: true,

  run: async () => {
    const server = Server.required();
    const ground = await server.ground();
    let service = await startProcess(ground.env);
    const writers = new Writers(WRITERS, () => service);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await wait(400 + 60 * kill);
      await service.killAll();
      if (kill % (KILLS / STOPS) === 0) await server.crash();
      service = await startProcess(ground.env);
      // Also while the service lives on: it has to come back by itself.
      if (kill === KILLS) await server.crash();
    }
    await wait(2_000);
    await writers.stop();
    const found = [
      { what: 'stops of the server', count: STOPS + 1, wrong: 0 },
      { what: 'kills of the service', count: KILLS, wrong: 0 },
      ...(await intact(service, writers.acknowledged)),
    ];
    await service.stop();
    await ground.remove();

    return found;
  },
};
