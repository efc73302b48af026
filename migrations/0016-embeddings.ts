import { Migration } from '@mikro-orm/migrations';

/**
 * Which vector spaces there are and which one is asked, the way from one to another, what embedding
 * costs, and texts whose vectors have still to go from the cache that processes share.
 */
export class Embeddings extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.profiles();
    this.migrations();
    this.addSql(`
      create table es.embedding_spend (
        day date not null, model_key text not null,
        calls bigint not null, texts bigint not null, tokens bigint not null, usd float8,
        primary key (day, model_key)
      )`);
    this.addSql(`
      create table es.embedding_forgotten (
        text_sha256 text primary key, at timestamptz not null default now()
      )`);
    for (const table of TABLES) {
      this.addSql(`grant select, insert, update, delete on ${table} to omoi_projector`);
    }
    this.addSql('reset role');
  }

  override down(): void {
    for (const table of TABLES) this.addSql(`drop table ${table}`);
  }

  private profiles(): void {
    this.addSql(`
      create table es.embedding_profile (
        model_key text primary key, slug text not null unique,
        provider text not null check (provider in ('local', 'openai')), model text not null,
        dimensions int not null, search_threshold float8 not null, suggest_threshold float8 not null,
        status text not null
          check (status in ('active', 'filling', 'ready', 'retired', 'cancelled', 'dropped')),
        since timestamptz not null default now()
      )`);
    this.addSql(`
      create unique index embedding_profile_active on es.embedding_profile (status)
        where status = 'active'`);
  }

  private migrations(): void {
    this.addSql(`
      create table es.embedding_migration (
        id uuid primary key, from_key text not null, to_key text not null,
        status text not null check (status in ('filling', 'ready', 'switched', 'cancelled')),
        switch boolean not null, is_told boolean not null default false,
        done int not null default 0, total int not null default 0, per_second float8,
        noted_at timestamptz not null default now(), began_at timestamptz not null default now(),
        ready_at timestamptz, ended_at timestamptz
      )`);
    this.addSql(`
      create unique index embedding_migration_open on es.embedding_migration ((true))
        where status in ('filling', 'ready')`);
  }
}

const TABLES = [
  'es.embedding_profile',
  'es.embedding_migration',
  'es.embedding_spend',
  'es.embedding_forgotten',
];
