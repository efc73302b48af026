import { readdir, readFile } from 'node:fs/promises';

/** Of `/proc/<pid>/stat`, counted from what follows the name: parent, and times in ticks. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14] as const;
/** What Linux tells every program, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

interface Usage {
  readonly parent: number;
  readonly seconds: number;
}

/**
 * Seconds of CPU that a process and all that descend from it have used, with those that have ended and
 * were waited for. NaN where the system has no `/proc` or the process is not there.
 */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const all = await everybody();
  if (!all.has(pid)) return NaN;

  return [...all].reduce(
    (sum, [id, { seconds }]) => (descends(id, pid, all) ? sum + seconds : sum),
    0,
  );
}

/** The process that began `pid`; 0 where it is not known. */
export async function parentOf(pid: number): Promise<number> {
  return (await everybody()).get(pid)?.parent ?? 0;
}

function descends(pid: number, from: number, all: ReadonlyMap<number, Usage>): boolean {
  for (let id = pid; id > 0; id = all.get(id)?.parent ?? 0) if (id === from) return true;

  return false;
}

async function everybody(): Promise<Map<number, Usage>> {
  const names = await readdir('/proc').catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  // One that has ended in the meantime is not there.
  const stats = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  );

  return new Map(
    stats.flatMap((stat, at) => (stat === '' ? [] : [[Number(pids[at]), usageOf(stat)] as const])),
  );
}

/** The name is in parentheses and may hold spaces and parentheses of its own. */
export function usageOf(stat: string): Usage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = TIMES.reduce((sum, at) => sum + Number(fields[at]), 0);

  return { parent: Number(fields[PARENT]), seconds: ticks / TICKS_PER_SECOND };
}
