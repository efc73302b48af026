import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Api } from './api.js';
import { type EmbedderName } from './arguments.js';
import { CannotRun } from './cannot-run.js';
import { withFreshDatabase, type FreshDatabase } from './database.js';

/** The product, running as a process of its own on a fresh database. */
export interface Service {
  readonly api: Api;
  readonly process: ChildProcess;
  /** Which database it runs on, in words. */
  readonly database: string;
}

/**
 * Starts the built service on a fresh database, does `work` with it, and leaves nothing behind.
 * @param preload a module that the service's process loads first, as `node --import` does
 * @throws CannotRun when the service does not start, or ends before the work does
 */
export const withService = <Result>(
  embedder: EmbedderName,
  work: (service: Service) => Promise<Result>,
  preload?: string,
): Promise<Result> =>
  withFreshDatabase((database) => withServiceOn(database, { embedder, preload }, work));

/** The same on a database that is there before, and afterwards. */
export async function withServiceOn<Result>(
  database: FreshDatabase,
  { embedder, preload }: { embedder: EmbedderName; preload?: string | undefined },
  work: (service: Service) => Promise<Result>,
): Promise<Result> {
  const child = start({ ...database.env, EMBEDDING_PROVIDER: embedder }, preload);
  const gone = endOf(child);
  const stop = (): boolean => child.kill();
  // Whoever ends the benchmark ends the service, and its end cleans up behind both.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const api = new Api(await Promise.race([addressOf(child), gone]));
    return await Promise.race([work({ api, process: child, database: database.name }), gone]);
  } finally {
    stop();
    await gone.catch(() => undefined);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function start(env: Readonly<Record<string, string>>, preload?: string): ChildProcess {
  const before = preload === undefined ? [] : ['--import', preload];

  return spawn(process.execPath, [...before, resolve('dist/src/main.js')], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'warn', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** Never resolves; rejects when the service has ended. Why it did, it has said on the terminal. */
async function endOf(child: ChildProcess): Promise<never> {
  await once(child, 'close');
  throw new CannotRun('The service ended before the benchmark did.');
}

/** The address in its greeting; what it logs after that goes to the terminal's error stream. */
function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((found) => {
    let said = '';
    const listen = (words: Buffer): void => {
      said += words.toString();
      const address = /listens at (http\S+)\s/.exec(said)?.[1];
      if (address === undefined) return;

      stdout?.off('data', listen).pipe(process.stderr);
      found(address);
    };
    stdout?.on('data', listen);
  });
}
