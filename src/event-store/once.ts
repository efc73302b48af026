import { nameBasedId, newId, type Caller, type CommandKey } from '#kernel';
import type { Answer } from '#rest';
import type { CommandResult, EventStore } from './event-store.js';

const HOUR_MS = 3_600_000;

/** What is being done under keys in this process, by namespace and key: a promise that is never rejected. */
const underWay = new Map<string, Promise<unknown>>();

/**
 * Does something of which the log has no event, and remembers its answer under the caller's key: a
 * repetition gets the first one, and in this process waits for it. Of two processes that are asked at
 * once both may do the work, which has to bear that (see `idUnderKey`): both get the answer of the first
 * to remember it.
 * @throws DomainError `request.key_reused`, and whatever `work` throws, which is not remembered
 */
export async function once<Result extends CommandResult>(
  store: EventStore,
  caller: Caller,
  work: () => Promise<Result>,
): Promise<Answer<Result>> {
  const { namespace, key } = caller;
  if (!key) return { body: await work(), repeated: false };
  const place = JSON.stringify([namespace, key.name]);
  const before = underWay.get(place);
  const answer = (before ?? Promise.resolve()).then(() => remembered(store, caller, key, work));
  const over = answer.then(ignore, ignore);
  underWay.set(place, over);
  try {
    return await answer;
  } finally {
    if (underWay.get(place) === over) underWay.delete(place);
  }
}

async function remembered<Result extends CommandResult>(
  store: EventStore,
  caller: Caller,
  key: CommandKey,
  work: () => Promise<Result>,
): Promise<Answer<Result>> {
  const known = await store.recall(caller.namespace, [key]);
  if (known) return { body: known as Result, repeated: true };
  const result = await work();
  const { result: body, repeated } = await store.append({
    caller,
    writes: [],
    keys: [key],
    result,
    causationId: null,
  });

  return { body, repeated };
}

const ignore = (): void => undefined;

/**
 * An id for what is done under the caller's key: of two processes that are asked at once both mean one
 * thing. It changes with every span for which a key is remembered, so that who asks under a key that was
 * forgotten means another.
 */
export function idUnderKey(what: string, { namespace, key }: Caller, now: Date): string {
  if (!key) return newId();
  const { name, hash, keptHours } = key;
  const span = keptHours === null ? 0 : Math.floor(now.getTime() / (keptHours * HOUR_MS));

  return nameBasedId(JSON.stringify([what, namespace, name, hash, span]));
}
