import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FolderLock } from './folder-lock.js';

/** A Unix socket's path is at most 107 bytes; the file in the folder is `.s.PGSQL.5432`. */
const LONGEST_SOCKET_FOLDER = 90;
const PORT = 5432;
const LONGEST_PAUSE_MS = 5_000;

/** How the ordinary PostgreSQL driver reaches the embedded database. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The embedded database of one folder: a child process that is started again when it dies. */
export class EmbeddedDatabase {
  readonly address: SocketAddress;
  private readonly lock: FolderLock;
  private readonly logger = new Logger(EmbeddedDatabase.name);
  private child: ChildProcess | null = null;
  private stopping = false;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.lock = new FolderLock(folder);
    this.address = {
      host: socketFolder(folder),
      port: PORT,
      user: 'postgres',
      database: 'postgres',
    };
  }

  /**
   * Resolves when the database takes connections.
   * @throws FolderInUse when another process works in the folder.
   */
  async start(): Promise<void> {
    this.lock.take();
    mkdirSync(this.address.host, { recursive: true, mode: 0o700 });
    await this.spawn();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.child?.connected) {
      const exit = once(this.child, 'exit');
      this.child.send('stop');
      await exit;
    }
    this.lock.release();
  }

  private async spawn(): Promise<void> {
    const socket = join(this.address.host, `.s.PGSQL.${String(PORT)}`);
    // A killed database leaves its socket behind, and the next one could not listen.
    rmSync(socket, { force: true });
    const child = fork(new URL('./child.mjs', import.meta.url), [join(this.folder, 'db'), socket], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });

    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(
          `The embedded database in ${this.folder} did not start (exit code ${String(code)}).`,
        );
      }),
    ]);
    this.child = child;
    child.once('exit', () => void this.respawn());
  }

  private async respawn(pauseMs = 100): Promise<void> {
    if (this.stopping) return;
    try {
      await this.spawn();
    } catch (error) {
      this.logger.error((error as Error).message);
      await wait(pauseMs);
      await this.respawn(Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
    }
  }
}

function socketFolder(folder: string): string {
  if (Buffer.byteLength(folder) <= LONGEST_SOCKET_FOLDER) return folder;

  return join(tmpdir(), `omoi-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
}
