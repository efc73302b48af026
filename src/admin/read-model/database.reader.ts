import { Database, judgeVersions, type Verdict } from '#database';
import { Injectable } from '@nestjs/common';

/** What a database says of itself. */
export interface DatabaseFacts {
  readonly server: string;
  readonly vector: string | null;
  readonly versions: Verdict;
  readonly fsync: boolean;
  readonly synchronous_commit: string;
  readonly bytes: number;
  /** Roles that the service cannot take on. */
  readonly missing_roles: readonly string[];
  /** Whether the role that appends could change or take away what it wrote. */
  readonly log_can_change: boolean;
  /** Tables with a namespace whose rows are not kept apart. */
  readonly open_tables: readonly string[];
  readonly connections: number;
}

/** Asks the database about itself. */
@Injectable()
export class DatabaseReader {
  constructor(private readonly database: Database) {}

  async facts(): Promise<DatabaseFacts> {
    const [facts] = await this.database.as('omoi_projector', (sql) =>
      sql.query<Omit<DatabaseFacts, 'versions'> & { readonly server_number: number }>(
        `select current_setting('server_version') as server,
                current_setting('server_version_num')::int as server_number,
                (select extension.extversion from pg_extension as extension
                  where extension.extname = 'vector') as vector,
                current_setting('fsync')::boolean as fsync,
                current_setting('synchronous_commit') as synchronous_commit,
                pg_database_size(current_database())::float8 as bytes,
                (select coalesce(array_agg(wanted.name order by wanted.name), '{}')
                   from unnest(array['omoi_owner', 'omoi_log', 'omoi_projector', 'omoi_app',
                                     'omoi_search']) as wanted(name)
                  where not pg_has_role(session_user, wanted.name, 'member')) as missing_roles,
                has_table_privilege('omoi_log', 'es.event', 'UPDATE')
                  or has_table_privilege('omoi_log', 'es.event', 'DELETE') as log_can_change,
                (select coalesce(array_agg(open.name order by open.name), '{}')
                   from (select class.oid::regclass::text as name
                           from pg_class as class
                           join pg_attribute as part
                             on part.attrelid = class.oid and part.attname = 'namespace'
                          where class.relkind = 'r' and not class.relforcerowsecurity
                            and class.relnamespace in
                                ('public'::regnamespace, 'es'::regnamespace)) as open) as open_tables,
                (select count(*)::int from pg_stat_activity as activity
                  where activity.datname = current_database()) as connections`,
      ),
    );
    if (!facts) throw new Error('The database says nothing of itself.');

    return { ...facts, versions: judgeVersions(facts.server_number, facts.vector) };
  }
}
