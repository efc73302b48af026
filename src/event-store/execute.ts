import { DomainError, fold, type Caller, type Decider, type DomainEvent } from '#kernel';
import {
  VersionConflict,
  type Append,
  type Appended,
  type CommandResult,
  type EventStore,
  type StreamName,
  type StreamWrite,
} from './event-store.js';

/** How often a decision is made again when others were faster, before the caller hears of it. */
const ATTEMPTS = 20;

export type Wish<Result extends CommandResult> = Omit<Append<Result>, 'writes'>;

/**
 * The heart of every write: decide on what is, append what follows, and decide again when somebody
 * was faster. Under a key that is known it answers what was answered first.
 * @throws DomainError what the decision refused, unless its key says that it was granted before.
 */
export async function execute<Result extends CommandResult>(
  store: EventStore,
  wish: Wish<Result>,
  decide: () => Promise<readonly StreamWrite[]>,
  attempt = 1,
): Promise<Appended<Result>> {
  try {
    return await decideAndAppend(store, wish, decide);
  } catch (error) {
    if (error instanceof VersionConflict && attempt < ATTEMPTS) {
      return execute(store, wish, decide, attempt + 1);
    }
    return grantedBefore(store, wish, error);
  }
}

async function decideAndAppend<Result extends CommandResult>(
  store: EventStore,
  wish: Wish<Result>,
  decide: () => Promise<readonly StreamWrite[]>,
): Promise<Appended<Result>> {
  const writes = await decide();
  const hasEvents = writes.some(({ events }) => events.length > 0);
  if (hasEvents) return store.append({ ...wish, writes });
  if (wish.keys.length === 0) return { result: wish.result, repeated: true, position: 0n };

  // Nothing was left to do, and that is an answer to remember under its keys too.
  return { ...(await store.append({ ...wish, writes: [] })), repeated: true };
}

/** `execute` for the usual command: it decides on one stream, under the caller's own key. */
export function executeOn<State, Command, Event extends DomainEvent, Result extends CommandResult>(
  store: EventStore,
  { caller, stream, result }: Asking<Result>,
  decider: Decider<State, Command, Event>,
  command: Command,
): Promise<Appended<Result>> {
  const keys = caller.key ? [caller.key] : [];
  const place = { namespace: caller.namespace, stream };

  return execute(store, { caller, keys, result, causationId: null }, async () => [
    await decideOn(store, place, decider, command),
  ]);
}

interface Asking<Result> {
  readonly caller: Caller;
  readonly stream: StreamName;
  /** What the caller, and every repetition under the same key, is told. */
  readonly result: Result;
}

/** The write that `command` means for a stream: its history read, folded and decided on. */
export async function decideOn<State, Command, Event extends DomainEvent>(
  store: EventStore,
  place: { readonly namespace: string; readonly stream: StreamName },
  decider: Decider<State, Command, Event>,
  command: Command,
): Promise<StreamWrite> {
  const history = await store.read(place.namespace, place.stream);
  const state = fold(decider, history as unknown as Event[]);

  return { stream: place.stream, expected: history.length, events: decider.decide(command, state) };
}

async function grantedBefore<Result extends CommandResult>(
  store: EventStore,
  { caller, keys }: Wish<Result>,
  refusal: unknown,
): Promise<Appended<Result>> {
  const isDecision = refusal instanceof DomainError && refusal.kind !== 'unavailable';
  const earlier = isDecision ? await store.recall(caller.namespace, keys) : null;
  if (earlier === null) throw refusal;

  return { result: earlier as Result, repeated: true, position: 0n };
}
