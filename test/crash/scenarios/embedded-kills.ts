import { startProcess } from '../../support/process.js';
import { wait } from '../api.js';
import { embeddedGround } from '../ground.js';
import { intact } from '../proofs.js';
import type { Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const KILLS = 12;
const WRITERS = 4;

export const embeddedKills: Scenario = {
  says: 'The embedded database and its service are killed (SIGKILL) 12 times while 4 clients write.',
  onServer: false,

  run: async () => {
    const ground = await embeddedGround();
    let service = await startProcess(ground.env);
    const writers = new Writers(WRITERS, () => service);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await wait(700 + 130 * kill);
      await service.killAll();
      service = await startProcess(ground.env);
    }
    await wait(1_000);
    await writers.stop();
    const found = [
      { what: 'kills', count: KILLS, wrong: 0 },
      ...(await intact(service, writers.acknowledged)),
    ];
    await service.stop();
    await ground.remove();

    return found;
  },
};
