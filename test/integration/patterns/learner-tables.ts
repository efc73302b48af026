import type { Database } from '../../../src/database/index.js';
import type { Projection } from '../../../src/event-store/index.js';
import type { Key } from '../../../src/patterns/domain/key.js';
import type { LearnerState } from '../../../src/patterns/domain/learner-state.js';
import { LearnerStateTable } from '../../../src/patterns/read-model/learner-state.table.js';
import { learnerProjection } from '../../../src/patterns/read-model/learner.projection.js';

/** The tables of the learner, looked at from outside; others may stand beside them. */
export class LearnerTables {
  constructor(
    protected readonly database: Database,
    readonly namespace: string,
    private readonly projections: readonly Pick<Projection, 'name' | 'tables'>[] = [
      learnerProjection,
    ],
  ) {}

  private get tables(): string[] {
    return this.projections.flatMap(({ tables }) => tables);
  }

  /** Nothing is left, and the learner begins anew. */
  async wipe(): Promise<void> {
    await this.database.as('omoi_projector', async (sql) => {
      for (const table of this.tables) await sql.query(`delete from ${table}`);
      await sql.query('update es.projection set checkpoint = 0 where name = any($1)', [
        this.projections.map(({ name }) => name),
      ]);
    });
  }

  /** How far the learner has read. */
  async checkpoint(): Promise<bigint> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ checkpoint: string }>('select checkpoint from es.projection where name = $1', [
        learnerProjection.name,
      ]),
    );
    return BigInt(row?.checkpoint ?? 0);
  }

  /** Every row of every table as text, in order. */
  async dump(): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const table of this.tables) {
      const rows = await this.database.as('omoi_projector', (sql) =>
        sql.query<{ row: string }>(`select t::text as row from ${table} as t order by 1`),
      );
      found.set(
        table,
        rows.map(({ row }) => row),
      );
    }
    return found;
  }

  /** How many conclusions there were to tell. */
  async notices(): Promise<number> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ count: number }>('select count(*)::int as count from es.notification'),
    );
    return row?.count ?? 0;
  }

  /** The whole state, read back. */
  state(): Promise<LearnerState> {
    return this.database.within(this.namespace, async (sql) => {
      const rows = await sql.query<{ key: Key }>('select key from learner_keys');
      return new LearnerStateTable(sql, this.namespace).load(rows.map(({ key }) => key));
    });
  }
}
