import type { Database, Sql, Statement } from '#database';
import type { Follower } from './follower.js';
import type { LogPage } from './log-page.js';

const LONGEST_ERROR = 1_000;

/** Where the version of a follower that is served stands, and where the log ends. */
export interface Standing {
  readonly version: number;
  readonly checkpoint: bigint;
  /** The highest checkpoint that any version of it ever had: up to there it has told others. */
  readonly furthest: bigint;
  readonly head: bigint;
}

/** @param lock `for update of projection` where the rows are written too, else nothing */
export async function activeVersion(
  sql: Sql,
  name: string,
  lock: 'for update of projection' | '',
): Promise<Standing | null> {
  const [row] = await sql.query<
    Record<'checkpoint' | 'furthest' | 'head', string> & { version: number }
  >(
    `select projection.version, projection.checkpoint, projection.furthest, head.position as head
       from es.projection as projection
      cross join es.head as head
      where projection.name = $1 and projection.status = 'active' ${lock}`,
    [name],
  );
  if (!row) return null;

  return {
    version: row.version,
    checkpoint: BigInt(row.checkpoint),
    furthest: BigInt(row.furthest),
    head: BigInt(row.head),
  };
}

/** How far one may read who overtakes nobody of `names`: to `until` at most. */
export async function notFurtherThan(
  sql: Sql,
  names: readonly string[],
  until: bigint,
): Promise<bigint> {
  if (names.length === 0) return until;
  const [row] = await sql.query<{ position: string }>(
    `select least($2::bigint, coalesce(min(projection.checkpoint), 0)) as position
       from es.projection as projection
      where projection.name = any($1) and projection.status = 'active'`,
    [names, until],
  );

  return BigInt(row?.position ?? 0);
}

/** Moves the checkpoint of one version to the end of a page, and never back; nothing when it stays. */
export function checkpointMove(
  name: string,
  version: number,
  { after, to }: Pick<LogPage, 'after' | 'to'>,
): Statement | undefined {
  if (to === after) return undefined;

  return {
    text: `update es.projection as projection
              set checkpoint = greatest(projection.checkpoint, $3),
                  furthest = greatest(projection.furthest, $3), error = null, updated_at = now()
            where projection.name = $1 and projection.version = $2`,
    values: [name, version, to],
  };
}

/** Notes why a follower stands still, where other processes and admins see it. */
export async function noteError(database: Database, name: string, error: Error): Promise<void> {
  const text = error.message.slice(0, LONGEST_ERROR).toWellFormed();
  await database
    .as('omoi_projector', (sql) =>
      sql.query(
        `update es.projection as projection set error = $2, updated_at = now()
          where projection.name = $1 and projection.status = 'active'`,
        [name, text],
      ),
    )
    // What stands in the way of noting it is no more than what it is about.
    .catch(() => undefined);
}

/** A follower that is new begins at the beginning; one that is known goes on where it was. */
export async function enrol(sql: Sql, { name, kind, codeHash }: Follower): Promise<void> {
  await sql.query(
    `insert into es.projection (name, version, kind, status, checkpoint, code_hash)
     values ($1, 1, $2, 'active', 0, $3)
     on conflict (name) where status = 'active' do update set kind = excluded.kind`,
    [name, kind, codeHash],
  );
}
