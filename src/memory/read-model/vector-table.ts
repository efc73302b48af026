import type { Settings } from '#config';
import { prepareIndexBuilding, type Database, type Sql } from '#database';
import type { EmbeddingProfile } from '#embedding';

/** pgvector builds no HNSW over more dimensions than these. */
const MOST_INDEXED = { halfvec: 4_000, vector: 2_000 };

/**
 * The tables of one vector space: the vectors, in the model's native dimension, with the columns that
 * searches filter by beside them; and which memories still wait for theirs. Made when its model is
 * registered.
 */
export class VectorTable {
  readonly name: string;
  readonly pending: string;
  /** A query vector (`$n`) in the table's own type; half precision costs half on a server. */
  readonly type: 'halfvec' | 'vector';
  /** Whether vectors of texts are also in a cache outside of the database. */
  readonly isShared: boolean;

  constructor(
    settings: Settings,
    private readonly database: Database,
    readonly profile: EmbeddingProfile,
  ) {
    this.name = `memory_embedding_${profile.slug}`;
    this.pending = `embedding_pending_${profile.slug}`;
    this.isShared = settings.embedding.redisUrl !== null;
    // Building an index over halfvec is four to six times slower on the embedded database.
    this.type = settings.databaseUrl === null ? 'vector' : 'halfvec';
  }

  /** Whether there can be an index over the vectors; where not, every one is looked at. */
  get isIndexed(): boolean {
    return this.profile.dimensions <= MOST_INDEXED[this.type];
  }

  /** `$n` cast to the type of the column. */
  parameter(n: number): string {
    const { dimensions } = this.profile;

    return `$${String(n)}::vector(${String(dimensions)})::${this.type}(${String(dimensions)})`;
  }

  /** Makes them when they are not there. */
  async make(): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      if (await this.makeEmpty(sql)) await this.makeIndex(sql);
    });
  }

  /**
   * The same without the index over vectors: where many follow, it is made faster after them.
   * @returns false when they were there
   */
  async makeEmpty(sql: Sql): Promise<boolean> {
    await sql.query('select pg_advisory_xact_lock(hashtext($1))', [this.name]);
    const [found] = await sql.query<{ name: string | null }>('select to_regclass($1) as name', [
      this.name,
    ]);
    if (found?.name) return false;
    await this.createVectors(sql);
    await this.createPending(sql);

    return true;
  }

  private async createVectors(sql: Sql): Promise<void> {
    const { name, type } = this;
    const { dimensions } = this.profile;
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
    await this.keepApart(sql, name);
  }

  /** Over the vectors, in one statement that its writers wait for; not where there can be none. */
  async makeIndex(sql: Sql): Promise<void> {
    const { name, type } = this;
    if (!this.isIndexed) return;
    await prepareIndexBuilding(sql);
    await sql.query(`
      create index if not exists ${name}_hnsw on ${name} using hnsw (emb ${type}_cosine_ops)
        with (m = 16, ef_construction = 64)`);
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
