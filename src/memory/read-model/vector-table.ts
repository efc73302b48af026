import { Settings } from '#config';
import { Database, type Sql } from '#database';
import { Embedder } from '#embedding';
import { Injectable } from '@nestjs/common';

/** pgvector builds no HNSW over more dimensions than these. */
const MOST_INDEXED = { halfvec: 4_000, vector: 2_000 };

/**
 * The tables of one vector space: the vectors, in the model's native dimension, with the columns that
 * searches filter by beside them; and which memories still wait for theirs. Made when its model is
 * first used.
 */
@Injectable()
export class VectorTable {
  readonly name: string;
  readonly pending: string;
  /** A query vector (`$n`) in the table's own type; half precision costs half on a server. */
  readonly type: 'halfvec' | 'vector';

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly embedder: Embedder,
  ) {
    this.name = `memory_embedding_${embedder.profile.slug}`;
    this.pending = `embedding_pending_${embedder.profile.slug}`;
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
      if (found?.name) return;
      await this.createVectors(sql);
      await this.createPending(sql);
    });
  }

  private async createVectors(sql: Sql): Promise<void> {
    const { name, type } = this;
    const { dimensions } = this.embedder.profile;
    await sql.query(`
      create table ${name} (
        namespace varchar(64) not null, memory_id uuid not null,
        task_id varchar(200) not null, task_type varchar(200) not null,
        agent_id varchar(200), phase_id varchar(50), success boolean not null,
        tags text[] not null, tools text[] not null, occurred_at timestamptz(3) not null,
        truncated boolean not null, emb ${type}(${String(dimensions)}) not null,
        text_sha256 text not null,
        primary key (namespace, memory_id)
      )`);
    await sql.query(`create index ${name}_type on ${name} (namespace, task_type)`);
    await sql.query(`create index ${name}_text on ${name} (text_sha256)`);
    if (dimensions <= MOST_INDEXED[type]) {
      await sql.query(`
        create index ${name}_hnsw on ${name} using hnsw (emb ${type}_cosine_ops)
          with (m = 16, ef_construction = 64)`);
    }
    await this.keepApart(sql, name);
  }

  private async createPending(sql: Sql): Promise<void> {
    const { pending } = this;
    await sql.query(`
      create table ${pending} (
        namespace varchar(64) not null, memory_id uuid not null, text_sha256 text not null,
        attempts int not null default 0, error varchar(100), due_at timestamptz(3) not null,
        primary key (namespace, memory_id)
      )`);
    await sql.query(`create index ${pending}_due on ${pending} (due_at)`);
    await this.keepApart(sql, pending);
  }

  private async keepApart(sql: Sql, table: string): Promise<void> {
    await sql.query(`alter table ${table} enable row level security`);
    await sql.query(`alter table ${table} force row level security`);
    await sql.query(`
      create policy tenant on ${table} to omoi_app
        using (namespace = current_setting('omoi.namespace', true))`);
    await sql.query(`
      create policy writers on ${table} to omoi_projector, omoi_owner
        using (true) with check (true)`);
    await sql.query(`grant select on ${table} to omoi_app`);
    await sql.query(`grant select, insert, update, delete on ${table} to omoi_projector`);
  }
}
