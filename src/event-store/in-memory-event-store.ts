import { newId, type Clock, type CommandKey } from '#kernel';
import { envelope } from './envelope.js';
import type { EventCatalog } from './event-catalog.js';
import {
  EventStore,
  type Append,
  type Appended,
  type CommandResult,
  type StoredEvent,
  type StreamName,
} from './event-store.js';
import { judge, recallFrom, type Known } from './judge.js';

/** The twin of the store in Postgres, for tests that need a log and no database. */
export class InMemoryEventStore extends EventStore {
  private log: StoredEvent[] = [];
  private readonly known: Known = { commands: new Map(), versions: new Map() };

  constructor(
    private readonly catalog: EventCatalog,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async append<Result extends CommandResult>(
    append: Append<Result>,
  ): Promise<Appended<Result>> {
    this.catalog.check(append);
    const [verdict] = judge([append], this.known);
    if (verdict?.is === 'refused') throw verdict.because;
    if (verdict?.is === 'repeated') {
      return { result: verdict.result as Result, repeated: true, position: 0n };
    }
    append.writes.forEach((write, index) => {
      this.record(append, write, verdict?.firstVersions[index] ?? 1);
    });
    this.forget(append);

    return Promise.resolve({
      result: append.result,
      repeated: false,
      position: BigInt(this.log.length),
    });
  }

  override read(namespace: string, ...streams: StreamName[]): Promise<StoredEvent[]> {
    return Promise.resolve(
      this.log.filter((event) => event.namespace === namespace && streams.includes(event.stream)),
    );
  }

  override readAll(after: bigint, limit: number): Promise<StoredEvent[]> {
    return Promise.resolve(this.log.filter(({ position }) => position > after).slice(0, limit));
  }

  override readBy(
    namespace: string,
    subject: string | null,
    after: bigint,
    limit: number,
  ): Promise<StoredEvent[]> {
    const written = this.log.filter(
      (event) =>
        event.namespace === namespace &&
        (subject === null || event.metadata.actor === subject) &&
        event.text !== undefined &&
        event.position > after,
    );

    return Promise.resolve(written.slice(0, limit));
  }

  override async recall(
    namespace: string,
    keys: readonly CommandKey[],
  ): Promise<CommandResult | null> {
    return Promise.resolve(recallFrom(this.known.commands, namespace, keys));
  }

  override head(): Promise<bigint> {
    return Promise.resolve(BigInt(this.log.length));
  }

  private forget({ caller, writes }: Append): void {
    const gone = new Set(writes.flatMap(({ forgets = [] }) => forgets));
    this.log = this.log.map((event) => {
      if (!gone.has(event.id) || event.namespace !== caller.namespace) return event;
      const { text, ...rest } = event;
      return text === undefined ? event : rest;
    });
  }

  private record(append: Append, write: Append['writes'][number], firstVersion: number): void {
    write.events.forEach((event, index) => {
      this.log.push({
        ...structuredClone(event),
        position: BigInt(this.log.length + 1),
        namespace: append.caller.namespace,
        stream: write.stream,
        version: firstVersion + index,
        id: newId(),
        schemaVersion: this.catalog.versionOf(event.type),
        metadata: envelope(append),
        recordedAt: this.clock.now().toISOString(),
      });
    });
  }
}
