import type { Sql } from '#database';
import type { Moved, Projection } from '../projection.js';

/** What new tables hold otherwise than the living ones, in rows. */
export interface Difference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly moved: readonly Moved[];
}

/** So many of what moved are listed. */
const MOST_LISTED = 10_000;

/** Compares the living tables of a projection with those beside them, both at the same position. */
export async function differenceOf(sql: Sql, projection: Projection): Promise<Difference> {
  const { tables, queues = [], moved } = projection;
  const sum = { added: 0, removed: 0, changed: 0 };
  for (const table of tables.filter((name) => !queues.includes(name))) {
    const counts = await compare(sql, table);
    sum.added += counts.added;
    sum.removed += counts.removed;
    sum.changed += counts.changed;
  }

  return { ...sum, moved: ((await moved?.(sql)) ?? []).slice(0, MOST_LISTED) };
}

async function compare(sql: Sql, table: string): Promise<Omit<Difference, 'moved'>> {
  const key = await sql.query<{ name: string }>(
    `select quote_ident(part.attname) as name
       from pg_index as key
       join pg_attribute as part on part.attrelid = key.indrelid and part.attnum = any(key.indkey)
      where key.indrelid = ('public.' || $1)::regclass and key.indisprimary
      order by part.attnum`,
    [table],
  );
  const same = key.map(({ name }) => `living.${name} = anew.${name}`).join(' and ');
  const [one = { name: '' }] = key;
  const [counts] = await sql.query<Omit<Difference, 'moved'>>(
    `select count(*) filter (where living.${one.name} is null)::int as added,
            count(*) filter (where anew.${one.name} is null)::int as removed,
            count(*) filter (where living.${one.name} is not null and anew.${one.name} is not null
                               and row(living.*) is distinct from row(anew.*))::int as changed
       from public.${table} as living
       full join es_building.${table} as anew on ${same}`,
  );

  return counts ?? { added: 0, removed: 0, changed: 0 };
}
