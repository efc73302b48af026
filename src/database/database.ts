import { unavailable, type DomainError } from '#kernel';
import { escapeLiteral, type Pool, type PoolClient } from 'pg';
import { isDatabaseAway } from './database-away.js';

/**
 * In whose name a transaction runs. `omoi_app` sees one namespace; `omoi_log` appends;
 * `omoi_projector` writes the read models of all; `omoi_owner` makes tables.
 */
export type Role = 'omoi_app' | 'omoi_log' | 'omoi_projector' | 'omoi_owner';

/** Statements inside one transaction. Parameters are `$1, $2, …`; bigint comes back as string. */
export interface Sql {
  /** Whether everybody else waits until it is over: the embedded database has one connection. */
  readonly holdsEverybodyUp: boolean;
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a transaction came to, and what is left to do in it, which goes along with its commit. */
export interface Finished<Result> {
  readonly result: Result;
  readonly last?: Statement | undefined;
}

/** The one pool of connections. On the embedded database it holds exactly one. */
export class Database {
  /** @param keepsStatements whether a statement that has a name goes when its connection goes */
  constructor(
    private readonly pool: Pool,
    private readonly keepsStatements = false,
  ) {}

  /**
   * One short transaction in the name of `role`. Never ask for another inside it: with a single
   * connection it would wait for itself.
   * @throws DomainError `database.unavailable` when the database cannot be reached.
   */
  async as<Result>(
    role: Exclude<Role, 'omoi_app'>,
    work: (sql: Sql) => Promise<Result>,
  ): Promise<Result> {
    return this.transaction([`begin; set local role ${role}`], finished(work));
  }

  /**
   * One short transaction as `omoi_projector` that does not wait for the disk. Whatever a crash takes of
   * it has to follow from the log again, with a checkpoint that goes the same way; no later commit
   * outlives it.
   */
  async projecting<Result>(work: (sql: Sql) => Promise<Finished<Result>>): Promise<Result> {
    return this.transaction(
      ['begin; set local role omoi_projector; set local synchronous_commit = off'],
      work,
    );
  }

  /** One short transaction that sees the rows of `namespace` and no others. */
  async within<Result>(namespace: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.transaction(
      // Apart, so that whatever is wrong with a name, the transaction has begun and comes to nothing.
      ['begin; set local role omoi_app', `set local omoi.namespace = ${escapeLiteral(namespace)}`],
      finished(work),
    );
  }

  /**
   * One statement as the login role, which is its own transaction: what cannot stand in another
   * (VACUUM), or acts in the name of a role by itself.
   * @param name under which a server keeps it parsed, once a connection
   * @throws DomainError `database.unavailable` when the database cannot be reached.
   */
  async outside<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<Row[]> {
    const kept = this.keepsStatements && name ? { name } : {};
    const { rows } = await this.pool
      .query<Row>({ ...kept, text, values: [...values] })
      .catch(translate);
    return rows;
  }

  private async transaction<Result>(
    beginning: readonly string[],
    work: (sql: Sql) => Promise<Finished<Result>>,
  ): Promise<Result> {
    const client = await this.pool.connect().catch(translate);
    let broken: Error | undefined;
    try {
      const begun = begin(client, beginning);
      // It may fail before the work does, and is looked at after that.
      begun.catch(() => undefined);
      if (!client.pipeline) await begun;
      const { result, last } = await work(new ClientSql(client)).finally(() => begun);
      await commit(client, last);
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: unknown) => {
        broken = failure as Error;
      });
      return translate(error);
    } finally {
      client.release(broken);
    }
  }
}

/**
 * On a server the first statement of the work goes along without waiting for this: when it fails, the
 * transaction is one that refuses every statement.
 */
async function begin(client: PoolClient, beginning: readonly string[]): Promise<void> {
  const statements = client.pipeline ? beginning : [beginning.join('; ')];
  await Promise.all(statements.map((statement) => client.query(statement)));
}

/** When the last statement fails, the commit is a rollback. */
async function commit(client: PoolClient, last: Statement | undefined): Promise<void> {
  const done = last && client.query(last.text, [...last.values]);
  if (!client.pipeline) await done;
  await Promise.all([done, client.query('commit')]);
}

const finished =
  <Result>(work: (sql: Sql) => Promise<Result>) =>
  async (sql: Sql): Promise<Finished<Result>> => ({ result: await work(sql) });

class ClientSql implements Sql {
  constructor(private readonly client: PoolClient) {}

  get holdsEverybodyUp(): boolean {
    return !this.client.pipeline;
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.client.query<Row>(text, [...values]);
    return rows;
  }
}

function translate(error: unknown): never {
  throw isDatabaseAway(error) ? away() : error;
}

const away = (): DomainError =>
  unavailable('database.unavailable', 'The database does not answer now. Try again in a moment.');
