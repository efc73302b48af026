import type { Sql } from '#database';

/** The version that lived before the present one, while it is kept. */
export async function retiredVersion(
  sql: Sql,
  name: string,
): Promise<{ version: number; checkpoint: bigint } | null> {
  const [row] = await sql.query<{ version: number; checkpoint: string }>(
    `select projection.version, projection.checkpoint
       from es.projection as projection
      where projection.name = $1 and projection.status = 'retired'
        for update`,
    [name],
  );

  return row ? { version: row.version, checkpoint: BigInt(row.checkpoint) } : null;
}

/** Where the version of a rebuild stands; null when it is not being built any more. */
export async function buildingCheckpoint(
  sql: Sql,
  name: string,
  version: number,
): Promise<bigint | null> {
  const [row] = await sql.query<{ checkpoint: string }>(
    `select projection.checkpoint
       from es.projection as projection
      where projection.name = $1 and projection.version = $2 and projection.status = 'building'
        for update`,
    [name, version],
  );

  return row ? BigInt(row.checkpoint) : null;
}

/** A version without tables is none. */
export async function forgetVersion(sql: Sql, name: string, version: number): Promise<void> {
  for (const [table, column] of [
    ['es.projection', 'name'],
    ['es.dead_letter', 'projection'],
  ] as const) {
    await sql.query(
      `delete from ${table} as gone where gone.${column} = $1 and gone.version = $2`,
      [name, version],
    );
  }
}

/** The new version lives, the living one is kept for a while, and the one before that is forgotten. */
export async function swapVersions(
  sql: Sql,
  name: string,
  living: number,
  anew: number,
): Promise<void> {
  await sql.query(
    `update es.projection as projection set status = 'retired', retired_at = clock_timestamp()
      where projection.name = $1 and projection.version = $2`,
    [name, living],
  );
  await sql.query(
    `update es.projection as projection
        set status = 'active', updated_at = clock_timestamp(),
            furthest = greatest(projection.furthest, before.furthest)
       from es.projection as before
      where projection.name = $1 and projection.version = $2
        and before.name = $1 and before.version = $3`,
    [name, anew, living],
  );
}

/** Forgets a projection for good: its tables wherever they are, its versions, and what reads it anew. */
export async function forgetProjection(
  sql: Sql,
  name: string,
  tables: readonly string[],
): Promise<void> {
  await sql.query(
    `update es.rebuild as rebuild
        set status = 'cancelled', error = 'Its projection is gone.', ended_at = clock_timestamp()
      where rebuild.projection = $1 and rebuild.status in ('building', 'ready')`,
    [name],
  );
  for (const place of ['es_building', 'es_retired', 'public'] as const) {
    for (const table of tables) await sql.query(`drop table if exists ${place}.${table}`);
  }
  await sql.query('delete from es.projection as gone where gone.name = $1', [name]);
  await sql.query('delete from es.dead_letter as gone where gone.projection = $1', [name]);
}
