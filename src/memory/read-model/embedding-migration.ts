import type { Sql } from '#database';
import { conflict, notFound, ruleBroken, unavailable, type DomainError } from '#kernel';

export const MIGRATION_STATUSES = ['filling', 'ready', 'switched', 'cancelled'] as const;

/** The way from one vector space to another, or a way that was gone. */
export interface EmbeddingMigration {
  readonly id: string;
  readonly from_key: string;
  readonly to_key: string;
  readonly status: (typeof MIGRATION_STATUSES)[number];
  /** Whether the new space is searched as soon as it is complete. */
  readonly switch: boolean;
  /** Whether the log has it that the model changed. */
  readonly is_told: boolean;
  /** Memories that have their vector in the new space, and all that shall have one. */
  readonly done: number;
  readonly total: number;
  /** Memories in a second, lately; null before the first look. */
  readonly per_second: number | null;
  /** RFC 3339. */
  readonly began_at: string;
  readonly ended_at: string | null;
  /** For how long it has been ready, in seconds; null before. */
  readonly ready_seconds: number | null;
}

const SELECT = `
  select migration.id, migration.from_key, migration.to_key, migration.status, migration.switch,
         migration.is_told, migration.done, migration.total, migration.per_second,
         es.iso(migration.began_at) as began_at, es.iso(migration.ended_at) as ended_at,
         extract(epoch from clock_timestamp() - migration.ready_at)::float8 as ready_seconds
    from es.embedding_migration as migration`;

/** The one under way; null when there is none. */
export async function openMigration(sql: Sql): Promise<EmbeddingMigration | null> {
  const [found] = await sql.query<EmbeddingMigration>(
    `${SELECT} where migration.status in ('filling', 'ready')`,
  );
  return found ?? null;
}

/** Those that switched and of which the log does not know yet. */
export const untoldMigrations = (sql: Sql): Promise<EmbeddingMigration[]> =>
  sql.query(`${SELECT} where migration.status = 'switched' and not migration.is_told
             order by migration.ended_at`);

/** The one under way, else the last one; null when there was none. */
export async function latestMigration(sql: Sql): Promise<EmbeddingMigration | null> {
  const [found] = await sql.query<EmbeddingMigration>(
    `${SELECT} order by migration.ended_at is null desc, migration.began_at desc, migration.id limit 1`,
  );
  return found ?? null;
}

/** @throws DomainError `embedding.migration_unknown` */
export async function findMigration(sql: Sql, id: string): Promise<EmbeddingMigration> {
  const [found] = await sql.query<EmbeddingMigration>(`${SELECT} where migration.id = $1`, [id]);
  if (!found) throw notFound('embedding.migration_unknown', `There is no migration ${id}.`);

  return found;
}

/**
 * Takes one that is under way for the length of this transaction; null when it is over, or another
 * process is at it and `wait` is false.
 */
export async function takeMigration(
  sql: Sql,
  id: string,
  wait: boolean,
): Promise<EmbeddingMigration | null> {
  const [found] = await sql.query<EmbeddingMigration>(
    `${SELECT}
      where migration.id = $1 and migration.status in ('filling', 'ready')
        for update of migration ${wait ? '' : 'skip locked'}`,
    [id],
  );
  return found ?? null;
}

export async function endMigration(
  sql: Sql,
  id: string,
  status: 'switched' | 'cancelled',
): Promise<void> {
  await sql.query(
    `update es.embedding_migration as migration
        set status = $2, ended_at = clock_timestamp()
      where migration.id = $1`,
    [id, status],
  );
}

export async function setSpaceStatus(sql: Sql, modelKey: string, status: string): Promise<void> {
  await sql.query(
    `update es.embedding_profile as space set status = $2, since = clock_timestamp()
      where space.model_key = $1`,
    [modelKey, status],
  );
}

export const migrationRunning = (): DomainError =>
  conflict('embedding.migration_running', 'A migration of embeddings is under way already.');

export const modelIsActive = (key: string): DomainError =>
  ruleBroken('embedding.model_is_active', 'model', `memories are in the space of ${key} already`);

export const nameTaken = (key: string): DomainError =>
  ruleBroken(
    'embedding.name_taken',
    'model',
    `its tables would be called like those of ${key}; give the model another name`,
  );

export const migrationOver = ({ id, status }: EmbeddingMigration): DomainError =>
  conflict('embedding.migration_over', `The migration ${id} is over: it is ${status}.`);

export const beingIndexed = (): DomainError =>
  unavailable(
    'embedding.being_indexed',
    'The index over the new vectors is being built. Try again when the migration is ready.',
  );

export const nothingToDrop = (id: string): DomainError =>
  conflict(
    'embedding.nothing_to_drop',
    `The migration ${id} has left no vectors behind that could be dropped.`,
  );
