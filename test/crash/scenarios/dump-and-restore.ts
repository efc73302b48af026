import { startProcess } from '../../support/process.js';
import { wait } from '../api.js';
import { Server } from '../ground.js';
import { intact } from '../proofs.js';
import type { Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const WRITERS = 4;

export const dumpAndRestore: Scenario = {
  says: 'A dump is taken while 4 clients write, and restored; a replay there gives the same bytes.',
  onServer: true,

  run: async () => {
    const server = Server.required();
    const ground = await server.ground();
    const service = await startProcess(ground.env);
    const writers = new Writers(WRITERS, () => service);
    await wait(5_000);
    const before = new Map(writers.acknowledged);
    const copy = await server.restored(ground);
    await writers.stop();
    await service.stop();

    const restored = await startProcess(copy.env);
    const found = await intact(restored, before);
    await restored.stop();
    await copy.remove();
    await ground.remove();

    return found;
  },
};
