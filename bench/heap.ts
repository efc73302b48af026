import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 ** 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Mebibytes of this process's heap that something still needs. */
export function neededHeap(): number {
  collectGarbage();

  return process.memoryUsage().heapUsed / MIB;
}
