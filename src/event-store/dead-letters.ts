import { Database, type Sql } from '#database';
import { conflict, notFound, type DomainError } from '#kernel';
import { Injectable } from '@nestjs/common';
import { EventStore } from './event-store.js';
import { Followers } from './followers.js';
import { park } from './parking.js';

/** An event that a follower could not deal with, set aside so that it could go on. */
export interface DeadLetter {
  readonly id: string;
  /** The projection or policy. */
  readonly projection: string;
  readonly version: number;
  readonly position: number;
  readonly type: string;
  readonly namespace: string;
  readonly attempts: number;
  readonly error: string;
  /** RFC 3339. */
  readonly parked_at: string;
}

/** Where a page of dead letters begins: after this one. */
export type DeadLetterKey = readonly [position: number, id: string];

const SELECT = `
  select letter.id, letter.projection, letter.version, letter.position::float8 as position,
         event.type, event.namespace, letter.attempts, letter.error,
         es.iso(letter.parked_at) as parked_at
    from es.dead_letter as letter
    join es.event as event on event.position = letter.position`;

/** The events that were set aside. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly followers: Followers,
  ) {}

  /** In log order, `limit` at most, beginning after `after`. */
  list(after: DeadLetterKey | null, limit: number): Promise<DeadLetter[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<DeadLetter>(
        `${SELECT}
          where $1::bigint is null or (letter.position, letter.id) > ($1, $2::uuid)
          order by letter.position, letter.id
          limit $3`,
        [...(after ?? [null, null]), limit],
      ),
    );
  }

  /**
   * Deals with it now, out of its turn, and forgets it.
   * @throws DomainError `dead_letter.unknown`, `dead_letter.of_another_version`,
   * `dead_letter.failed_again`
   */
  async retry(id: string): Promise<void> {
    const letter = await this.find(id);
    const position = BigInt(letter.position);
    const [event] = await this.store.readAll(position - 1n, 1);
    const follower = this.followers.find(letter.projection);
    if (!event || !follower) throw unknownLetter(id);
    if (!(await this.isServed(letter))) throw ofAnotherVersion(letter);
    try {
      await follower.retry(event, (sql) => forget(sql, id));
    } catch (error) {
      const { message } = error as Error;
      await this.database.as('omoi_projector', (sql) =>
        park(sql, letter.projection, letter.version, position, message),
      );
      throw failedAgain(message);
    }
  }

  /** Goes without it for good. @throws DomainError `dead_letter.unknown` */
  async discard(id: string): Promise<void> {
    await this.find(id);
    await this.database.as('omoi_projector', (sql) => forget(sql, id));
  }

  private async find(id: string): Promise<DeadLetter> {
    const [letter] = await this.database.as('omoi_projector', (sql) =>
      sql.query<DeadLetter>(`${SELECT} where letter.id = $1`, [id]),
    );
    if (!letter) throw unknownLetter(id);

    return letter;
  }

  private async isServed({ projection, version }: DeadLetter): Promise<boolean> {
    const found = await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `select 1 from es.projection as projection
          where projection.name = $1 and projection.version = $2 and projection.status = 'active'`,
        [projection, version],
      ),
    );
    return found.length > 0;
  }
}

async function forget(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from es.dead_letter as letter where letter.id = $1', [id]);
}

const unknownLetter = (id: string): DomainError =>
  notFound('dead_letter.unknown', `There is no dead letter ${id}.`);

const ofAnotherVersion = ({ projection, version }: DeadLetter): DomainError =>
  conflict(
    'dead_letter.of_another_version',
    `Version ${String(version)} of ${projection} is not the one that is served now.`,
  );

const failedAgain = (message: string): DomainError =>
  conflict('dead_letter.failed_again', `It failed again: ${message}`);
