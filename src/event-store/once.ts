import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import type { CommandResult, EventStore } from './event-store.js';

/**
 * Does something of which the log has no event, and remembers its answer under the caller's key: a
 * repetition gets the first one.
 * @throws DomainError `request.key_reused`, and whatever `work` throws, which is not remembered
 */
export async function once<Result extends CommandResult>(
  store: EventStore,
  caller: Caller,
  work: () => Promise<Result>,
): Promise<Answer<Result>> {
  const keys = caller.key ? [caller.key] : [];
  const known = await store.recall(caller.namespace, keys);
  if (known) return { body: known as Result, repeated: true };
  const result = await work();
  if (keys.length === 0) return { body: result, repeated: false };
  const remembered = await store.append({ caller, writes: [], keys, result, causationId: null });

  return { body: remembered.result, repeated: remembered.repeated };
}
