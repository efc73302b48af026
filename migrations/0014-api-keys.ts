import { Migration } from '@mikro-orm/migrations';

/** API keys, hashed. No request sees them, of whatever tenant: they are looked up by the service. */
export class ApiKeys extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(`
      create table es.api_key (
        id uuid primary key, name text not null, namespace text, scopes text[] not null,
        rate_limit_per_minute int not null, hash text not null, rotation uuid not null,
        created_at timestamptz(3) not null, expires_at timestamptz(3),
        last_used_at timestamptz(3), revoked_at timestamptz(3)
      ) with (fillfactor = 50)`);
    this.addSql('create index api_key_listed on es.api_key (created_at, id)');
    this.addSql('create index api_key_namespace on es.api_key (namespace)');
    this.addSql('alter table es.api_key enable row level security');
    this.addSql('alter table es.api_key force row level security');
    this.addSql(`
      create policy service on es.api_key to omoi_projector, omoi_owner
        using (true) with check (true)`);
    this.addSql('grant select, insert, update on es.api_key to omoi_projector');
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop table es.api_key');
  }
}
