import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventCatalog } from '../../../src/event-store/event-catalog.js';
import { InMemoryEventStore } from '../../../src/event-store/in-memory-event-store.js';
import { SystemClock } from '../../../src/kernel/index.js';
import { ReuseCounter } from '../../../src/memory/count-reuse/reuse-counter.js';
import { memoryEvents } from '../../../src/memory/domain/memory.events.js';

const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

/** A counter on a log that takes its event, or refuses it. */
function counting(isTaken: boolean): { counter: ReuseCounter; store: InMemoryEventStore } {
  const catalog = new EventCatalog();
  if (isTaken) catalog.add(memoryEvents);
  const store = new InMemoryEventStore(catalog, new SystemClock());

  return { counter: new ReuseCounter(store, new SystemClock()), store };
}

describe('A counter of reuse', () => {
  it('writes what it gathered when the service stops', async () => {
    const { counter, store } = counting(true);
    counter.count('default', ['m-1', 'm-1', 'm-2']);
    await counter.onApplicationShutdown();
    const [event] = await store.readAll(0n, 10);

    expect(event?.data).toMatchObject({ memories: { 'm-1': 2, 'm-2': 1 } });
  });

  it('does not keep a service alive that stops while nothing can be written', async () => {
    Logger.overrideLogger(false);
    const before = timers();
    const { counter } = counting(false);
    counter.count('default', ['m-1']);
    expect(timers()).toBe(before + 1);
    await counter.onApplicationShutdown();

    expect(timers()).toBe(before);
  });
});
