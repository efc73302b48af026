import type { Sql } from '#database';
import { unavailable } from '#kernel';

/**
 * What is set for the length of a search besides how many the index is asked for. The embedded database
 * takes the timeout, and has no clock to keep it.
 */
export const SEARCH_SETTINGS = {
  'hnsw.iterative_scan': 'relaxed_order',
  jit: 'off',
  statement_timeout: '10s',
} as const;

/** What the database says of a statement that took longer. */
const CANCELED = '57014';

/** @throws DomainError `memory.search_timed_out` for an error that says that a search took too long */
export function searchFailed(error: unknown): never {
  throw error instanceof Error && 'code' in error && error.code === CANCELED ? timedOut() : error;
}

const timedOut = (): Error =>
  unavailable(
    'memory.search_timed_out',
    'The search took longer than ten seconds and was given up. Try again in a moment, or ask for less.',
  );

/** Any other number than the one that stands there by itself. */
const PROBE = 123;

/**
 * What is set for the length of a search, as columns of a `select`. With a filter the index alone
 * returns too few rows; it must go on until it has enough.
 * @param neighbours the number of the parameter with how many the index is asked for, as text
 */
export const searchSettings = (neighbours: number): string =>
  [
    `\n          set_config('hnsw.ef_search', $${String(neighbours)}, true)`,
    ...Object.entries(SEARCH_SETTINGS).map(
      ([name, value]) => `\n          set_config('${name}', '${value}', true)`,
    ),
  ].join(',');

/**
 * Reads back what is set for a search: a name or a value that the database does not know is accepted
 * without a word, and searches would find less.
 * @throws Error naming the settings that do not hold
 */
export async function searchSettingsMustHold(sql: Sql): Promise<void> {
  // What the settings of pgvector may be is known once it has done something.
  await sql.query(`select '[1]'::vector`);
  await sql.query(`select ${searchSettings(1)}`, [String(PROBE)]);
  const wanted = { 'hnsw.ef_search': String(PROBE), ...SEARCH_SETTINGS };
  const lost = await sql.query<{ name: string; value: string }>(
    `select wanted.name, wanted.value
       from unnest($1::text[], $2::text[]) as wanted(name, value)
      where current_setting(wanted.name, true) is distinct from wanted.value`,
    [Object.keys(wanted), Object.values(wanted)],
  );
  if (lost.length === 0) return;
  const names = lost.map(({ name, value }) => `${name} = ${value}`).join(', ');
  throw new Error(`The database does not take the settings of searches: ${names}.`);
}
