import type { Sql } from '#database';
import { conflict, notFound, type DomainError } from '#kernel';
import type { Difference } from './difference.js';

export const REBUILD_STATUSES = ['building', 'ready', 'swapped', 'cancelled', 'failed'] as const;
export type RebuildStatus = (typeof REBUILD_STATUSES)[number];

/** A projection being read anew beside its living tables, or having been. */
export interface Rebuild {
  readonly id: string;
  /** `flip-back`: the tables beside are the last living ones, and only catch up. */
  readonly kind: 'rebuild' | 'flip-back';
  readonly projection: string;
  /** Of the new tables. */
  readonly version: number;
  readonly status: RebuildStatus;
  /** Whether it goes live as soon as it can. */
  readonly swap: boolean;
  readonly is_indexed: boolean;
  readonly position: number;
  readonly target: number;
  /** Positions in a second, lately; null before the first batch. */
  readonly events_per_second: number | null;
  /** Texts that were erased up to here were gone when it began to read. */
  readonly forgotten_until: number;
  /** Null before it has caught up for the first time. */
  readonly diff: Difference | null;
  readonly error: string | null;
  /** RFC 3339. */
  readonly began_at: string;
  readonly ended_at: string | null;
}

const SELECT = `
  select rebuild.id, rebuild.kind, rebuild.projection, rebuild.version, rebuild.status,
         rebuild.swap, rebuild.is_indexed, rebuild.position::float8 as position,
         rebuild.target::float8 as target, rebuild.events_per_second,
         rebuild.forgotten_until::float8 as forgotten_until, rebuild.diff, rebuild.error,
         es.iso(rebuild.began_at) as began_at, es.iso(rebuild.ended_at) as ended_at
    from es.rebuild as rebuild`;

export const openRebuilds = (sql: Sql): Promise<Rebuild[]> =>
  sql.query<Rebuild>(
    `${SELECT} where rebuild.status in ('building', 'ready') order by rebuild.began_at, rebuild.id`,
  );

/** Newest first. */
export const latestRebuilds = (sql: Sql, limit: number): Promise<Rebuild[]> =>
  sql.query<Rebuild>(`${SELECT} order by rebuild.began_at desc, rebuild.id limit $1`, [limit]);

export async function findRebuild(sql: Sql, id: string): Promise<Rebuild> {
  const [found] = await sql.query<Rebuild>(`${SELECT} where rebuild.id = $1`, [id]);
  if (!found) throw unknownRebuild(id);

  return found;
}

/**
 * Takes an open rebuild for the length of this transaction; null when it is over, or another process
 * is at it and `wait` is false.
 */
export async function takeRebuild(sql: Sql, id: string, wait: boolean): Promise<Rebuild | null> {
  const [found] = await sql.query<Rebuild>(
    `${SELECT}
      where rebuild.id = $1 and rebuild.status in ('building', 'ready')
        for update of rebuild ${wait ? '' : 'skip locked'}`,
    [id],
  );
  return found ?? null;
}

export async function endRebuild(
  sql: Sql,
  id: string,
  status: RebuildStatus,
  error: string | null = null,
): Promise<void> {
  await sql.query(
    `update es.rebuild as rebuild
        set status = $2, error = $3, ended_at = clock_timestamp()
      where rebuild.id = $1`,
    [id, status, error],
  );
}

const unknownRebuild = (id: string): DomainError =>
  notFound('rebuild.unknown', `There is no rebuild ${id}.`);

export const unknownProjection = (name: string): DomainError =>
  notFound('projection.unknown', `No projection is called ${name}.`);

export const isPolicy = (name: string): DomainError =>
  conflict('projection.is_policy', `${name} is a policy: it makes no rows that could be rebuilt.`);

export const alreadyRunning = (name: string): DomainError =>
  conflict('rebuild.running', `${name} is being rebuilt already.`);

export const isOver = ({ id, status }: Rebuild): DomainError =>
  conflict('rebuild.over', `The rebuild ${id} is over: it is ${status}.`);

export const nothingToFlipBack = (name: string): DomainError =>
  conflict(
    'projection.nothing_to_flip_back',
    `${name} has no earlier version left, or its tables have changed since.`,
  );
