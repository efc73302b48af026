import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { Followers } from './followers.js';

/** A version of a projection, or a policy, as an admin sees it. */
export interface ProjectionVersion {
  readonly name: string;
  readonly kind: 'projection' | 'policy';
  readonly version: number;
  readonly status: 'active' | 'building' | 'retired' | 'failed';
  readonly checkpoint: number;
  /** Events between it and the end of the log. */
  readonly lag: number;
  /** Positions in a second, over the last minute, as this process saw it. */
  readonly rate: number;
  readonly code_hash: string | null;
  readonly rebuild_needed: boolean;
  /** Why; null when it is not. */
  readonly rebuild_reason: string | null;
  readonly dead_letters: number;
  /** Why it stands still; null while it moves. */
  readonly error: string | null;
  /** RFC 3339. */
  readonly updated_at: string;
}

type Row = Omit<ProjectionVersion, 'rate' | 'rebuild_needed' | 'rebuild_reason'> & {
  readonly applied_late: boolean;
};

/** Everybody who follows the log, with all versions that are kept. */
@Injectable()
export class Projections {
  constructor(
    private readonly database: Database,
    private readonly followers: Followers,
  ) {}

  async list(): Promise<ProjectionVersion[]> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query<Row>(
        `select projection.name, projection.kind, projection.version, projection.status,
                projection.checkpoint::float8 as checkpoint,
                greatest(0, head.position - projection.checkpoint)::float8 as lag,
                projection.code_hash, projection.applied_late, projection.error,
                es.iso(projection.updated_at) as updated_at,
                (select count(*)::int from es.dead_letter as letter
                  where letter.projection = projection.name
                    and letter.version = projection.version) as dead_letters
           from es.projection as projection
          cross join es.head as head
          order by projection.kind desc, projection.name, projection.version desc`,
      ),
    );

    return rows.map((row) => this.complete(row));
  }

  private complete({ applied_late, ...row }: Row): ProjectionVersion {
    const follower = this.followers.find(row.name);
    const isLiving = row.status === 'active' && follower?.kind === 'projection';
    const reason = isLiving ? reasonOf(row, applied_late, follower.codeHash) : null;

    return {
      ...row,
      rate: row.status === 'active' ? this.followers.rateOf(row.name) : 0,
      rebuild_needed: reason !== null,
      rebuild_reason: reason,
    };
  }
}

function reasonOf(
  { code_hash, dead_letters }: Pick<Row, 'code_hash' | 'dead_letters'>,
  appliedLate: boolean,
  codeHash: string | null,
): string | null {
  if (code_hash !== codeHash) return 'Its code has changed since its rows were made.';
  if (dead_letters > 0) return 'Events were set aside and are missing.';

  return appliedLate ? 'An event was applied out of its turn.' : null;
}
