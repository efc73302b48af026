import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** An empty database for one scenario. */
export interface Ground {
  /** The settings with which a service stands on it. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** A PostgreSQL server of the tests, which may be stopped as often as one likes. */
export class Server {
  private constructor(
    private readonly url: string,
    private readonly folder: string,
    private readonly bin: string,
  ) {}

  /** The one of `test/support/with-postgres.sh`; null without it. */
  static ofTheTests(): Server | null {
    const {
      TEST_DATABASE_URL: url,
      TEST_DATABASE_DATA: folder,
      TEST_DATABASE_BIN: bin,
    } = process.env;

    return url && folder && bin ? new Server(url, folder, bin) : null;
  }

  /** The same. @throws Error without it */
  static required(): Server {
    const server = Server.ofTheTests();
    if (!server) throw new Error('It needs the server of test/support/with-postgres.sh.');

    return server;
  }

  async ground(): Promise<Ground> {
    const name = `omoi_crash_${randomBytes(4).toString('hex')}`;
    await this.query(`create database ${name}`);

    return {
      env: { DATABASE_URL: this.urlOf(name) },
      remove: () => this.query(`drop database if exists ${name} with (force)`),
    };
  }

  /** As a power cut would, but for what the operating system still holds; and up again. */
  async crash(): Promise<void> {
    await this.control('restart', '--mode=immediate', '--wait', `--log=${this.folder}/../log`);
  }

  /** A copy of a database as `pg_dump` sees it, in a database of its own. */
  async restored({ env }: Ground): Promise<Ground> {
    const copy = await this.ground();
    const file = join(await mkdtemp(join(tmpdir(), 'omoi-dump-')), 'dump');
    await run(join(this.bin, 'pg_dump'), ['-Fc', '-f', file, env.DATABASE_URL ?? '']);
    await run(join(this.bin, 'pg_restore'), ['-d', copy.env.DATABASE_URL ?? '', file]);
    await rm(file, { force: true });

    return copy;
  }

  private urlOf(name: string): string {
    return Object.assign(new URL(this.url), { pathname: `/${name}` }).href;
  }

  private async query(statement: string): Promise<void> {
    const client = new Client(this.url);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  /** The server refuses to be run by root, and so does its tool. */
  private async control(...words: string[]): Promise<void> {
    const command = [join(this.bin, 'pg_ctl'), `--pgdata=${this.folder}`, ...words];
    const isRoot = process.getuid?.() === 0;
    const [program = '', ...rest] = isRoot
      ? ['runuser', '-u', 'postgres', '--', ...command]
      : command;
    // Whoever starts a server must not wait for its output, which ends when the server does.
    await run('sh', ['-c', '"$@" >/dev/null 2>&1 </dev/null', 'sh', program, ...rest]);
  }
}

/** An embedded database in a temporary folder. */
export async function embeddedGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'omoi-crash-'));

  return {
    env: { DATA_DIR: folder },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
