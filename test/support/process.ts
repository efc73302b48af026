import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The built service in a process (and process group) of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL to the service, its database and its model at once. */
  killAll(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** Everything it has written so far. */
  readonly output: () => string;
}

const GREETING = /listens at (\S+)/;

/** Starts the service (of the build in `folder`) and waits until it listens. Rejects with what it wrote when it does not. */
export async function startProcess(
  env: Readonly<Record<string, string>>,
  folder = '.',
): Promise<ServiceProcess> {
  const { child, output } = launch(env, folder);
  const exit = once(child, 'exit');
  const url = await Promise.race([
    greeting(child, output),
    exit.then(() => Promise.reject(new Error(output()))),
  ]);

  return {
    url,
    pid: child.pid ?? 0,
    output,
    killAll: async () => {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await exit;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await exit) as [number | null];
      return code;
    },
  };
}

/** Starts the service where it cannot start: what it says, and its exit code. */
export async function failedStart(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const { child, output } = launch(env);
  const [code] = (await once(child, 'close')) as [number | null];

  return { code, said: output() };
}

function launch(
  env: Readonly<Record<string, string>>,
  cwd = '.',
): {
  child: ChildProcess;
  output: () => string;
} {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'warn', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  return { child, output: () => written };
}

function greeting(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      const url = GREETING.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', look);
  });
}
