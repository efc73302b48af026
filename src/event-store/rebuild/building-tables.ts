import type { Sql } from '#database';

/**
 * Where the tables of a projection can be: the living ones in `public`, new ones beside them while
 * they are built, and the last living ones until their time of grace is over. They keep their names, so
 * that one `search_path` says which are meant.
 */
type Place = 'public' | 'es_building' | 'es_retired';

/** Fresh tables like the living ones: columns, key, security and rights, and the indexes of `needs`. */
export async function copyTables(
  sql: Sql,
  tables: readonly string[],
  needs: readonly string[],
): Promise<void> {
  for (const table of tables) {
    await sql.query(
      `create table es_building.${table} (like public.${table} including all excluding indexes)`,
    );
    const statements = await sql.query<{ statement: string }>(LIKE_THE_LIVING, [table]);
    for (const { statement } of statements) await sql.query(statement);
  }
  const missing = await missingIndexes(sql, tables);
  for (const { statement } of missing.filter(({ name }) => needs.includes(name))) {
    await sql.query(statement);
  }
}

/** What `create table … (like …)` leaves out, as statements; `$1` is the table. */
const LIKE_THE_LIVING = `
  with living as (
    select class.* from pg_class as class
     where class.oid = ('public.' || quote_ident($1))::regclass
  )
  select format('alter table es_building.%I set (%s)', living.relname,
                array_to_string(living.reloptions, ', ')) as statement
    from living where living.reloptions is not null
  union all
  select format('alter table es_building.%I add constraint %I %s', living.relname, key.conname,
                pg_get_constraintdef(key.oid))
    from living join pg_constraint as key on key.conrelid = living.oid and key.contype = 'p'
  union all
  select format('alter table es_building.%I alter column %I set statistics 0', living.relname,
                part.attname)
    from living join pg_attribute as part on part.attrelid = living.oid
   where part.attstattarget = 0 and part.attnum > 0 and not part.attisdropped
  union all
  select format('alter table es_building.%I enable row level security,
                 force row level security', living.relname)
    from living where living.relrowsecurity
  union all
  select format('create policy %I on es_building.%I to %s%s%s', policy.policyname, $1,
                array_to_string(policy.roles, ', '), ' using (' || policy.qual || ')',
                ' with check (' || policy.with_check || ')')
    from pg_policies as policy
   where policy.schemaname = 'public' and policy.tablename = $1
  union all
  select format('grant %s on es_building.%I to %I', granted.privilege_type, living.relname,
                granted.grantee::regrole)
    from living cross join aclexplode(living.relacl) as granted
   where granted.grantee <> living.relowner and granted.grantee <> 0`;

/** The indexes of the living tables that those beside them lack, as statements. */
export function missingIndexes(
  sql: Sql,
  tables: readonly string[],
): Promise<{ name: string; statement: string }[]> {
  return sql.query(
    `select living.indexname as name,
            replace(living.indexdef, format(' ON public.%I ', living.tablename),
                    format(' ON es_building.%I ', living.tablename)) as statement
       from pg_indexes as living
      where living.schemaname = 'public' and living.tablename = any($1)
        and not exists (select from pg_indexes as there
                         where there.schemaname = 'es_building'
                           and there.indexname = living.indexname)
      order by living.indexname`,
    [tables],
  );
}

/** Whether the tables in two places have the same columns. */
export async function sameColumns(
  sql: Sql,
  tables: readonly string[],
  places: readonly [Place, Place],
): Promise<boolean> {
  const different = await sql.query(
    `select there.table_name, there.column_name, there.data_type
       from information_schema.columns as there
      where there.table_schema = any($2) and there.table_name = any($1)
      group by there.table_name, there.column_name, there.data_type
     having count(*) < 2`,
    [tables, places],
  );
  return different.length === 0;
}

export async function moveTables(
  sql: Sql,
  tables: readonly string[],
  from: Place,
  to: Place,
): Promise<void> {
  for (const table of tables) await sql.query(`alter table ${from}.${table} set schema ${to}`);
}

export async function dropTables(
  sql: Sql,
  tables: readonly string[],
  place: Exclude<Place, 'public'>,
): Promise<void> {
  for (const table of tables) await sql.query(`drop table if exists ${place}.${table}`);
}
