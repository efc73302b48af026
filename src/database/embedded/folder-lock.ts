import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Somebody else works in this folder; the message is a sentence for the terminal. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** A process, told from a later one that was given the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * Holds a folder for one process: the embedded database takes no lock of its own, and two processes
 * in one folder silently lose rows. What a killed process left behind is taken over.
 */
export class FolderLock {
  private readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'omoi.pid');
  }

  /** @throws FolderInUse while another process holds the folder. */
  take(): void {
    const holder = this.holder();
    if (holder && isAlive(holder)) {
      throw new FolderInUse(
        `The folder ${this.folder} is in use by process ${String(holder.pid)}: stop that one first, or set DATA_DIR to another folder.`,
      );
    }

    rmSync(this.file, { force: true });
    try {
      const me: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
      writeFileSync(this.file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    } catch {
      throw new FolderInUse(`The folder ${this.folder} was taken by another process just now.`);
    }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  private holder(): Holder | null {
    if (!existsSync(this.file)) return null;
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Holder;
    } catch {
      return null;
    }
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return startOf(pid) === startedAt;
}

/** When a process started, in ticks since boot; empty where the system has no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch {
    return '';
  }
}
