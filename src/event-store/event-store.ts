import { DomainError, type Caller, type CommandKey, type DomainEvent } from '#kernel';

/** `noun-id`, unique in its namespace. */
export type StreamName = `${string}-${string}`;

/** The version a writer has seen (0: no such stream yet), or `any` when the order does not matter. */
type ExpectedVersion = number | 'any';

/** Why an event is there. */
export interface EventMetadata {
  readonly correlation_id: string;
  /** The event that this one follows from, when a policy asked for it. */
  readonly causation_id: string | null;
  readonly actor: string | null;
  readonly traceparent: string | null;
}

/** An event as it stands in the log. `text` is missing where there was none or it was erased. */
export type StoredEvent<Event extends DomainEvent = DomainEvent> = Event & {
  readonly position: bigint;
  readonly namespace: string;
  readonly stream: StreamName;
  readonly version: number;
  readonly id: string;
  readonly schemaVersion: number;
  readonly metadata: EventMetadata;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
};

/**
 * New events of one stream, and the version they were decided on. Without events it only has to be at
 * that version still: what was decided about another stream rests on it.
 */
export interface StreamWrite {
  readonly stream: StreamName;
  readonly expected: ExpectedVersion;
  readonly events: readonly DomainEvent[];
  /** The ids of earlier events whose texts go with these, in the same transaction. */
  readonly forgets?: readonly string[];
}

/** The answer of a command: ids, numbers and times only, because it outlives erased texts. */
export type CommandResult = Readonly<Record<string, unknown>>;

/**
 * All or nothing: every stream of it, and the keys under which it takes effect once. Without writes
 * it only remembers an answer under its keys.
 */
export interface Append<Result extends CommandResult = CommandResult> {
  readonly caller: Caller;
  readonly writes: readonly StreamWrite[];
  readonly keys: readonly CommandKey[];
  /** What a repetition under one of the keys gets. */
  readonly result: Result;
  readonly causationId: string | null;
}

export interface Appended<Result extends CommandResult = CommandResult> {
  readonly result: Result;
  /** Whether a key was known, so that nothing was written now. */
  readonly repeated: boolean;
  /** Of the last event written; 0 when none was. */
  readonly position: bigint;
}

/** The ids of those events that have a text: what a write names that forgets them. */
export const textsOf = (events: readonly StoredEvent[]): string[] =>
  events.filter(({ text }) => text !== undefined).map(({ id }) => id);

/** Somebody else wrote to the stream since it was read: read again, decide again. */
export class VersionConflict extends DomainError {
  constructor(stream: string, actual: number, expected: number) {
    super(
      'conflict',
      'stream.moved_on',
      `${stream} is at version ${String(actual)}, not at ${String(expected)}.`,
    );
  }
}

/** The log: the only way anything is ever written, and the only truth there is. */
export abstract class EventStore {
  /**
   * Durable when it resolves.
   * @throws VersionConflict when a stream is not at its expected version.
   * @throws DomainError `request.key_reused` when a key is known with another hash.
   */
  abstract append<Result extends CommandResult>(append: Append<Result>): Promise<Appended<Result>>;

  /** The events of these streams, each oldest first; none of one that does not exist. */
  abstract read(namespace: string, ...streams: StreamName[]): Promise<StoredEvent[]>;

  /** Up to `limit` events of all namespaces with a position above `after`, in order. */
  abstract readAll(after: bigint, limit: number): Promise<StoredEvent[]>;

  /**
   * The result of an earlier command under one of these keys, or null.
   * @throws DomainError `request.key_reused` when it is known with another hash.
   */
  abstract recall(namespace: string, keys: readonly CommandKey[]): Promise<CommandResult | null>;

  /**
   * The events whose texts somebody wrote (null: anybody), as far as those were not erased: up to
   * `limit` of them with a position above `after`, in order.
   */
  abstract readBy(
    namespace: string,
    subject: string | null,
    after: bigint,
    limit: number,
  ): Promise<StoredEvent[]>;

  /** The position of the last event; 0 while there is none. */
  abstract head(): Promise<bigint>;
}
