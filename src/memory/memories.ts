import { EventStore, type StoredEvent } from '#event-store';
import { fold, type Caller } from '#kernel';
import { Injectable } from '@nestjs/common';
import { erasedMemory } from './domain/memory.errors.js';
import type { MemoryEvent } from './domain/memory.events.js';
import { memory, memoryStreamOf, type Memory } from './domain/memory.js';

/** A memory as the log has it. */
interface Remembered {
  readonly state: Memory;
  readonly events: readonly StoredEvent[];
}

/** What is known of memories from the log itself, so that it is never behind. */
@Injectable()
export class Memories {
  constructor(private readonly store: EventStore) {}

  /** Those of `ids` that were ever stored, by id. */
  async read({ namespace }: Caller, ids: readonly string[]): Promise<Map<string, Remembered>> {
    const all = await this.store.read(namespace, ...ids.map(memoryStreamOf));
    const found = new Map<string, Remembered>();
    for (const id of ids) {
      const events = all.filter(({ stream }) => stream === memoryStreamOf(id));
      const state = fold(memory, events as unknown as MemoryEvent[]);
      if (events.length > 0) found.set(id, { state, events });
    }
    return found;
  }

  /** @throws DomainError `memory.erased` when what was once stored is no answer any more */
  async mustBeKept(caller: Caller, id: string): Promise<void> {
    if ((await this.erasedAmong(caller, [id])).has(id)) throw erasedMemory(id);
  }

  async erasedAmong(caller: Caller, ids: readonly string[]): Promise<Set<string>> {
    const found = await this.read(caller, ids);

    return new Set(
      [...found].filter(([, { state }]) => state.status === 'erased').map(([id]) => id),
    );
  }
}
