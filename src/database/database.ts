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
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
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
    return this.transaction(`set local role ${role}`, work);
  }

  /**
   * One short transaction as `omoi_projector` that does not wait for the disk. Whatever a crash takes of
   * it has to follow from the log again, with a checkpoint that goes the same way; no later commit
   * outlives it.
   */
  async projecting<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.transaction(
      'set local role omoi_projector; set local synchronous_commit = off',
      work,
    );
  }

  /** One short transaction that sees the rows of `namespace` and no others. */
  async within<Result>(namespace: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.transaction(
      `set local role omoi_app; set local omoi.namespace = ${escapeLiteral(namespace)}`,
      work,
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
    identity: string,
    work: (sql: Sql) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.pool.connect().catch(translate);
    let broken: Error | undefined;
    try {
      await client.query(`begin; ${identity}`);
      const result = await work(new ClientSql(client));
      await client.query('commit');
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

class ClientSql implements Sql {
  constructor(private readonly client: PoolClient) {}

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
