import type { Sql } from '#database';
import { newId } from '#kernel';

const LONGEST_ERROR = 1_000;

/** Sets an event aside for one version of a follower, which goes on without it. */
export async function park(
  sql: Sql,
  follower: string,
  version: number,
  position: bigint,
  error: string,
): Promise<void> {
  await sql.query(
    `insert into es.dead_letter as letter
            (id, projection, version, position, attempts, error, parked_at)
     values ($1, $2, $3, $4, 1, $5, clock_timestamp())
     on conflict (projection, version, position) do update
        set attempts = letter.attempts + 1, error = excluded.error`,
    [newId(), follower, version, position, error.slice(0, LONGEST_ERROR).toWellFormed()],
  );
}
