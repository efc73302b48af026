import { EventStore, execute, textsOf, type StreamWrite } from '#event-store';
import { Clock, type Caller } from '#kernel';
import { Injectable } from '@nestjs/common';
import { memory, memoryStreamOf } from '../domain/memory.js';
import { Memories } from '../memories.js';
import { MemoryReader } from '../read-model/memory.reader.js';

/** So many memories go in one transaction; what is left by a kill goes with the next attempt. */
const CHUNK = 100;

/** Which of several memories go, and why. */
interface Reason {
  readonly causationId?: string;
  /** Only those that were stored before this position. */
  readonly before?: bigint;
}

interface Erased {
  readonly count: number;
  /** Of the last event; 0 when there was nothing left to erase. */
  readonly position: bigint;
}

/** Takes memories and their texts out of the log; those that are gone already it passes over. */
@Injectable()
export class Eraser {
  constructor(
    private readonly store: EventStore,
    private readonly memories: Memories,
    private readonly reader: MemoryReader,
    private readonly clock: Clock,
  ) {}

  async erase(caller: Caller, ids: readonly string[], reason: Reason = {}): Promise<Erased> {
    let erased: Erased = { count: 0, position: 0n };
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = await this.eraseTogether(caller, ids.slice(start, start + CHUNK), reason);
      erased = sum(erased, chunk);
    }

    return erased;
  }

  /** The memories of a task as far as its projection has read; who asks waits for that first. */
  async eraseOfTask(caller: Caller, taskId: string, reason: Reason = {}): Promise<Erased> {
    let erased: Erased = { count: 0, position: 0n };
    let ids = await this.reader.idsOfTask(caller.namespace, taskId, null, CHUNK);
    while (ids.length > 0) {
      erased = sum(erased, await this.eraseTogether(caller, ids, reason));
      ids = await this.reader.idsOfTask(caller.namespace, taskId, ids.at(-1) ?? null, CHUNK);
    }

    return erased;
  }

  private async eraseTogether(
    caller: Caller,
    ids: readonly string[],
    { causationId = null, before }: { causationId?: string | null; before?: bigint },
  ): Promise<Erased> {
    let count = 0;
    const wish = { caller, keys: [], result: {}, causationId };
    const { position } = await execute(this.store, wish, async () => {
      const writes = await this.erasuresOf(caller, ids, before);
      count = writes.length;
      return writes;
    });

    return { count, position };
  }

  private async erasuresOf(
    caller: Caller,
    ids: readonly string[],
    before: bigint | undefined,
  ): Promise<StreamWrite[]> {
    const at = this.clock.now().toISOString();
    const found = await this.memories.read(caller, ids);

    return [...found].flatMap(([id, { state, events }]) => {
      const [stored] = events;
      const isLater = before !== undefined && stored !== undefined && stored.position > before;
      if (state.status === 'erased' || isLater) return [];
      return {
        stream: memoryStreamOf(id),
        expected: events.length,
        events: memory.decide({ do: 'erase', id, at }, state),
        // What caused it is the task being finished, with the same words.
        forgets: [
          ...textsOf(events),
          ...(stored?.metadata.causation_id ? [stored.metadata.causation_id] : []),
        ],
      };
    });
  }
}

const sum = (one: Erased, next: Erased): Erased => ({
  count: one.count + next.count,
  position: next.position > one.position ? next.position : one.position,
});
