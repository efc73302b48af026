import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Somebody else works in this folder; the message is a sentence for the terminal. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** A process, told from a later one that was given the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  /** Where it listens; missing before it does. */
  readonly address?: string;
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
    if (this.write()) return;
    this.refuseWhileHeld();
    // Of several who find what a dead one left behind, the one who makes this folder clears it away.
    const clearing = `${this.file}.clearing`;
    if (!madeFolder(clearing)) throw this.takenJustNow();
    try {
      this.refuseWhileHeld();
      rmSync(this.file, { force: true });
      if (!this.write()) throw this.takenJustNow();
    } finally {
      rmdirSync(clearing);
    }
  }

  /** Says in the folder where its holder can be spoken to. */
  announce(address: string): void {
    const me: Holder = { pid: process.pid, startedAt: startOf(process.pid), address };
    const mine = `${this.file}.${String(process.pid)}`;
    writeFileSync(mine, JSON.stringify(me), { mode: 0o600 });
    renameSync(mine, this.file);
  }

  /** Where the process listens that holds the folder; null when none does. */
  address(): string | null {
    const holder = this.holder();

    return holder && isAlive(holder) ? (holder.address ?? null) : null;
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  /** Whole or not at all: who reads half a file would take its holder for dead. */
  private write(): boolean {
    const me: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
    const mine = `${this.file}.${String(process.pid)}`;
    writeFileSync(mine, JSON.stringify(me), { mode: 0o600 });
    try {
      linkSync(mine, this.file);
      return true;
    } catch (error) {
      return unlessThere(error);
    } finally {
      rmSync(mine);
    }
  }

  private refuseWhileHeld(): void {
    const holder = this.holder();
    if (!holder || !isAlive(holder)) return;
    throw new FolderInUse(
      `The folder ${this.folder} is in use by process ${String(holder.pid)}: stop that one first, or set DATA_DIR to another folder.`,
    );
  }

  private takenJustNow(): FolderInUse {
    return new FolderInUse(
      `The folder ${this.folder} was taken by another process just now; if it was not, remove ${this.file}.clearing.`,
    );
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

function madeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    return unlessThere(error);
  }
}

function unlessThere(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  return false;
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive too, and may not be asked.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
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
