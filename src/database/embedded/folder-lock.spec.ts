import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderInUse, FolderLock } from './folder-lock.js';

const BUILT = pathToFileURL(resolve('dist/src/database/embedded/folder-lock.js')).href;

/** Takes and releases the lock of its folder as it is told, and says whether it got it. */
const PROGRAM = `
  const { FolderLock } = await import(${JSON.stringify(BUILT)});
  const lock = new FolderLock(process.argv[2]);
  process.on('message', (wish) => {
    try {
      process.send({ done: lock[wish]() === undefined });
    } catch (error) {
      process.send({ done: false, said: error.message });
    }
  });
  process.send('ready');`;

interface Answer {
  readonly done: boolean;
  readonly said?: string;
}

describe('The lock of a folder', () => {
  let folder: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'omoi-lock-'));
    children = [];
    await writeFile(join(folder, 'other.mjs'), PROGRAM);
  });
  afterEach(async () => {
    await Promise.all(children.map(kill));
    await rm(folder, { recursive: true });
  });

  const file = (): string => join(folder, 'omoi.pid');
  const other = async (): Promise<ChildProcess> => {
    const child = fork(join(folder, 'other.mjs'), [folder], { execArgv: [] });
    children.push(child);
    await once(child, 'message');

    return child;
  };
  const ask = async (child: ChildProcess, wish: 'take' | 'release'): Promise<Answer> => {
    const answer = once(child, 'message');
    child.send(wish);

    return ((await answer) as [Answer])[0];
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };

  it('names its holder, to its owner alone', async () => {
    new FolderLock(folder).take();

    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect((await readdir(folder)).sort()).toEqual(['omoi.pid', 'other.mjs']);
  });

  it('is refused while another process holds it, with a sentence that names both', async () => {
    const holder = await other();
    expect(await ask(holder, 'take')).toEqual({ done: true });
    const taking = (): void => {
      new FolderLock(folder).take();
    };

    expect(taking).toThrow(FolderInUse);
    expect(taking).toThrow(`The folder ${folder} is in use by process ${String(holder.pid)}`);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: holder.pid });
  });

  it('can be taken when it was released', async () => {
    const holder = await other();
    await ask(holder, 'take');
    await ask(holder, 'release');
    expect(existsSync(file())).toBe(false);
    const mine = new FolderLock(folder);
    mine.take();

    expect(await ask(holder, 'take')).toMatchObject({ done: false });
    mine.release();
    expect(await ask(holder, 'take')).toEqual({ done: true });
  });

  it('is taken over from a process that was killed', async () => {
    const holder = await other();
    await ask(holder, 'take');
    await kill(holder);
    new FolderLock(folder).take();

    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is taken over from a process whose number another one has now', async () => {
    const later = await other();
    await writeFile(file(), JSON.stringify({ pid: later.pid, startedAt: '1' }));
    new FolderLock(folder).take();

    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it.each(['', '{', 'null', '12'])('is taken over from a file that says %j', async (content) => {
    await writeFile(file(), content);
    new FolderLock(folder).take();

    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is got by exactly one of many that find it left behind', async () => {
    const racers = await Promise.all(Array.from({ length: 6 }, other));
    for (let round = 0; round < 100; round += 1) {
      await writeFile(file(), JSON.stringify({ pid: 2 ** 30, startedAt: '1' }));
      const answers = await Promise.all(racers.map((racer) => ask(racer, 'take')));

      expect(answers.filter(({ done }) => done)).toHaveLength(1);
    }
  });
});
