import { type EventStore } from '../src/event-store/index.js';
import { newId, ownCaller } from '../src/kernel/index.js';
import { type Log } from './log.js';
import { NAMESPACE, type Told } from './made-events.js';

/** The product's log, as its commands write it. */
export class OwnLog implements Log {
  private readonly caller = ownCaller(NAMESPACE);

  constructor(private readonly store: EventStore) {}

  /** To a stream of their own; durable when it resolves. */
  async append(events: readonly Told[]): Promise<void> {
    const writes = [{ stream: `memory-${newId()}`, expected: 0, events } as const];
    await this.store.append({
      caller: this.caller,
      writes,
      keys: [],
      result: {},
      causationId: null,
    });
  }
}
