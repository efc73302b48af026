import { Settings } from '#config';
import { Database, type Sql } from '#database';
import { Embedder } from '#embedding';
import { Injectable } from '@nestjs/common';

/** pgvector builds no HNSW over more dimensions than these. */
const MOST_INDEXED = { halfvec: 4_000, vector: 2_000 };

/**
 * The table of one vector space, in the model's native dimension, with the columns that searches
 * filter by beside the vector. It is made when its model is first used.
 */
@Injectable()
export class VectorTable {
  readonly name: string;
  /** A query vector (`$n`) in the table's own type; half precision costs half on a server. */
  readonly type: 'halfvec' | 'vector';

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly embedder: Embedder,
  ) {
    this.name = `memory_embedding_${embedder.profile.slug}`;
    // Building an index over halfvec is four to six times slower on the embedded database.
    this.type = settings.databaseUrl === null ? 'vector' : 'halfvec';
  }

  /** `$n` cast to the type of the column. */
  parameter(n: number): string {
    const { dimensions } = this.embedder.profile;

    return `$${String(n)}::vector(${String(dimensions)})::${this.type}(${String(dimensions)})`;
  }

  async make(): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      await sql.query('select pg_advisory_xact_lock(hashtext($1))', [this.name]);
      const [found] = await sql.query<{ name: string | null }>('select to_regclass($1) as name', [
        this.name,
      ]);
      if (!found?.name) await this.create(sql);
    });
  }

  private async create(sql: Sql): Promise<void> {
    const { name, type } = this;
    const { dimensions } = this.embedder.profile;
    await sql.query(`
      create table ${name} (
        namespace varchar(64) not null, memory_id uuid not null,
        task_id varchar(200) not null, task_type varchar(200) not null,
        agent_id varchar(200), phase_id varchar(50), success boolean not null,
        tags text[] not null, tools text[] not null, occurred_at timestamptz(3) not null,
        truncated boolean not null, emb ${type}(${String(dimensions)}) not null,
        primary key (namespace, memory_id)
      )`);
    await sql.query(`create index ${name}_type on ${name} (namespace, task_type)`);
    if (dimensions <= MOST_INDEXED[type]) {
      await sql.query(`
        create index ${name}_hnsw on ${name} using hnsw (emb ${type}_cosine_ops)
          with (m = 16, ef_construction = 64)`);
    }
    await sql.query(`alter table ${name} enable row level security`);
    await sql.query(`alter table ${name} force row level security`);
    await sql.query(`
      create policy tenant on ${name} to omoi_app
        using (namespace = current_setting('omoi.namespace', true))`);
    await sql.query(`
      create policy writers on ${name} to omoi_projector, omoi_owner
        using (true) with check (true)`);
    await sql.query(`grant select on ${name} to omoi_app`);
    await sql.query(`grant select, insert, update, delete on ${name} to omoi_projector`);
  }
}
