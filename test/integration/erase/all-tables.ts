import type { Database } from '../../../src/database/index.js';
import { EventStore, Followers, Projections, Rebuilds } from '../../../src/event-store/index.js';
import { eventually, type RunningApp } from '../../support/app.js';

/** Every table that is read out of the log, looked at from outside. */
export class AllTables {
  private readonly followers: Followers;

  constructor(
    private readonly omoi: RunningApp,
    private readonly database: Database,
  ) {
    this.followers = omoi.app.get(Followers);
  }

  /** Waits until everybody is at the end of the log, others were told, and nothing is embedded any more. */
  async settled(): Promise<void> {
    const [pending] = this.queues();
    const head = await this.omoi.app.get(EventStore).head();
    await eventually(
      () => Promise.resolve(this.followers.states()),
      (states) => states.every(({ checkpoint }) => checkpoint >= head),
    );
    await eventually(
      () =>
        this.database.as('omoi_projector', (sql) =>
          sql.query<{ is_there: boolean }>(
            `select head.position = all (select p.checkpoint from es.projection as p
                                          where p.status = 'active' and p.kind = 'projection')
                    and not exists (select from ${pending ?? ''}) as is_there
               from es.head as head`,
          ),
        ),
      ([row]) => row?.is_there === true,
    );
  }

  /** Wipes what is read out of the log, and lets it be read again. */
  async readAgain(but: readonly string[] = []): Promise<void> {
    const names = this.names().filter((name) => !but.includes(name));
    const tables = names.flatMap((name) => this.tablesOf(name));
    await this.database.as('omoi_projector', async (sql) => {
      for (const table of tables) await sql.query(`delete from ${table}`);
      await sql.query('update es.projection set checkpoint = 0 where name = any($1)', [names]);
    });
    await this.settled();
  }

  /** Rebuilds a projection beside its living tables, and gives what differed. */
  async rebuilt(name: string): Promise<object | null> {
    const rebuilds = this.omoi.app.get(Rebuilds);
    const id = await rebuilds.start(name, true);
    const { status, diff, error } = await eventually(
      () => rebuilds.find(id),
      ({ ended_at }) => ended_at !== null,
    );
    if (status !== 'swapped') throw new Error(`${status}: ${String(error)}`);

    return diff;
  }

  /** Every row of every table as text, in order; the queue of what is embedded left out. */
  async bytes(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    const tables = this.names().flatMap((name) => this.tablesOf(name));
    for (const table of tables.filter((one) => !this.queues().includes(one))) {
      const rows = await this.database.as('omoi_projector', (sql) =>
        sql.query<{ row: string }>(
          `select t::text as row from ${table} as t order by t::text collate "C"`,
        ),
      );
      found[table] = rows.map(({ row }) => row);
    }
    return found;
  }

  /** Everything in all schemas of the service, as one text. */
  async everything(): Promise<string> {
    return this.database.as('omoi_owner', async (sql) => {
      const tables = await sql.query<{ name: string }>(
        `select format('%I.%I', t.schemaname, t.tablename) as name from pg_tables as t
          where t.schemaname in ('public', 'es', 'es_building', 'es_retired')
            and t.tableowner = 'omoi_owner'`,
      );
      let all = '';
      for (const { name } of tables) {
        const rows = await sql.query<{ row: string }>(`select t::text as row from ${name} as t`);
        all += rows.map(({ row }) => row).join('\n');
      }
      return all;
    });
  }

  async projections(): Promise<number> {
    return (await this.omoi.app.get(Projections).list()).length;
  }

  names(): string[] {
    return this.followers
      .states()
      .map(({ name }) => name)
      .filter((name) => this.followers.projection(name));
  }

  private tablesOf(name: string): readonly string[] {
    return this.followers.projection(name)?.projection.tables ?? [];
  }

  private queues(): readonly string[] {
    return this.names().flatMap((name) => this.followers.projection(name)?.projection.queues ?? []);
  }
}
