import { EventStore, type CommandResult } from '#event-store';
import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Injectable } from '@nestjs/common';

/** Work that leaves nothing in the log, done once under the caller's key. */
@Injectable()
export class Once {
  constructor(private readonly store: EventStore) {}

  /** The first answer to a key that is known, else that of `work`; what is refused is not remembered. */
  async answer<Result extends CommandResult>(
    caller: Caller,
    work: () => Promise<Result>,
  ): Promise<Answer<Result>> {
    const keys = caller.key ? [caller.key] : [];
    const known = await this.store.recall(caller.namespace, keys);
    if (known) return { body: known as Result, repeated: true };
    const result = await work();
    if (keys.length > 0) {
      await this.store.append({ caller, writes: [], keys, result, causationId: null });
    }

    return { body: result, repeated: false };
  }
}
