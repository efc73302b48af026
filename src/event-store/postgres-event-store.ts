import { Database } from '#database';
import { DomainError, overloaded, type CommandKey } from '#kernel';
import { Injectable } from '@nestjs/common';
import { EventCatalog } from './event-catalog.js';
import { SELECT_EVENTS, toEvent, type EventRow } from './event-rows.js';
import {
  EventStore,
  type Append,
  type Appended,
  type CommandResult,
  type StoredEvent,
  type StreamName,
} from './event-store.js';
import { appendGroup, appendUnseen, type Outcome } from './group-append.js';
import { isOvertaken } from './group-sql.js';
import { address, recallFrom, type KnownCommand } from './judge.js';

/** How many appends share one transaction at most. */
const GROUP = 100;
/** How often a group that met another process is written again. */
const ATTEMPTS = 20;
/** How many may wait for their turn before the next is told to come back later. */
const MOST_WAITING = 10_000;

/** The events of one append: all those above `after` up to `to`, and no others, are of these types. */
export interface News {
  readonly after: bigint;
  readonly to: bigint;
  readonly types: readonly string[];
}

interface Waiting {
  readonly append: Append;
  readonly settle: (outcome: Outcome) => void;
}

/**
 * The log in Postgres. Appends that arrive while one transaction is under way are committed together
 * by the next (group append), each still failing alone: it is what makes a gapless log fast.
 */
@Injectable()
export class PostgresEventStore extends EventStore {
  private readonly waiting: Waiting[] = [];
  private working = false;
  private readonly listeners: ((news: News) => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly catalog: EventCatalog,
  ) {
    super();
  }

  /** Calls `listener` after each commit of this process, with what is new. */
  onAppended(listener: (news: News) => void): void {
    this.listeners.push(listener);
  }

  override async append<Result extends CommandResult>(
    append: Append<Result>,
  ): Promise<Appended<Result>> {
    this.catalog.check(append);
    if (this.waiting.length >= MOST_WAITING) throw tooManyWriters();
    const outcome = await new Promise<Outcome>((settle) => {
      this.waiting.push({ append, settle });
      void this.work();
    });
    if (outcome instanceof Error) throw outcome;

    return outcome as Appended<Result>;
  }

  override async read(namespace: string, ...streams: StreamName[]): Promise<StoredEvent[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<EventRow>(
        `${SELECT_EVENTS}
          where event.namespace = $1 and event.stream_id = any($2)
          order by event.stream_id, event.version`,
        [namespace, streams],
      ),
    );
    return rows.map((row) => this.catalog.upcast(toEvent(row)));
  }

  override async readAll(after: bigint, limit: number): Promise<StoredEvent[]> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query<EventRow>(
        `${SELECT_EVENTS}
          where event.position > $1
          order by event.position
          limit $2`,
        [after, limit],
      ),
    );
    return rows.map((row) => this.catalog.upcast(toEvent(row)));
  }

  override async readBy(
    namespace: string,
    subject: string | null,
    after: bigint,
    limit: number,
  ): Promise<StoredEvent[]> {
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<EventRow>(
        `${SELECT_EVENTS}
          where text.namespace = $1 and ($2::text is null or text.subject = $2)
            and event.position > $3
          order by event.position
          limit $4`,
        [namespace, subject, after, limit],
      ),
    );
    return rows.map((row) => this.catalog.upcast(toEvent(row)));
  }

  override async recall(
    namespace: string,
    keys: readonly CommandKey[],
  ): Promise<CommandResult | null> {
    if (keys.length === 0) return null;
    const rows = await this.database.within(namespace, (sql) =>
      sql.query<KnownCommand & { key: string }>(
        `select command.key, command.hash, command.result
           from es.command as command
          where command.namespace = $1 and command.key = any($2)
            and (command.expires_at is null or command.expires_at > clock_timestamp())`,
        [namespace, keys.map(({ name }) => name)],
      ),
    );

    return recallFrom(
      new Map(rows.map((row) => [address(namespace, row.key), row])),
      namespace,
      keys,
    );
  }

  override async head(): Promise<bigint> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ position: string }>('select head.position from es.head as head'),
    );
    return BigInt(row?.position ?? 0);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, GROUP);
      const outcomes = await this.commit(group.map(({ append }) => append));
      group.forEach(({ settle }, index) => {
        settle(outcomes[index] ?? new Error('An append without an outcome.'));
      });
      // Those who appended go on first.
      setImmediate(() => {
        this.tell(group, outcomes);
      });
    }
    this.working = false;
  }

  /** Each append by itself: after a fallback another process's events may stand between them. */
  private tell(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
    const news = group.flatMap(({ append }, index): News[] => {
      const outcome = outcomes[index];
      if (!outcome || outcome instanceof Error || outcome.position === 0n) return [];
      const types = append.writes.flatMap(({ events }) => events.map(({ type }) => type));
      return [{ after: outcome.position - BigInt(types.length), to: outcome.position, types }];
    });
    for (const one of news.sort((a, b) => (a.to < b.to ? -1 : 1))) {
      this.listeners.forEach((listener) => {
        listener(one);
      });
    }
  }

  private async commit(group: readonly Append[]): Promise<Outcome[]> {
    const versionOf = (type: string): number => this.catalog.versionOf(type);
    try {
      const outcomes = await appendUnseen(this.database, group, versionOf);
      return outcomes ?? (await this.lookAndCommit(group, versionOf));
    } catch (error) {
      // What became of it is not known: whoever asks again has a key for that.
      if (isAway(error)) return group.map(() => error as Error);
      return this.lookAndCommit(group, versionOf);
    }
  }

  private async lookAndCommit(
    group: readonly Append[],
    versionOf: (type: string) => number,
    attempt = 1,
  ): Promise<Outcome[]> {
    try {
      return await this.database.as('omoi_log', (sql) => appendGroup(sql, group, versionOf));
    } catch (error) {
      const isRace = isOvertaken(error) || isDeadlock(error);
      if (isRace && attempt < ATTEMPTS) return this.lookAndCommit(group, versionOf, attempt + 1);
      if (group.length === 1 || isAway(error)) return group.map(() => error as Error);
      // One of them is at fault and takes the transaction down for all: each on its own, then.
      const alone = group.map((append) => this.lookAndCommit([append], versionOf));
      return (await Promise.all(alone)).flat();
    }
  }
}

/** Two processes waited for each other's rows, and the database chose this one to give way. */
const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01';

const isAway = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'unavailable';

const tooManyWriters = (): DomainError =>
  overloaded('log.overloaded', 'Too many writers are waiting. Try again in a moment.');
