import { describe, expect, it } from '@jest/globals';
import { EventCatalog } from '../src/event-store/index.js';
import { memoryEvents } from '../src/memory/domain/memory.events.js';
import { executionsStored } from './made-events.js';

describe('Events that are made up', () => {
  it('are events of the product, each about a memory of its own', () => {
    const events = executionsStored(120);
    const catalog = new EventCatalog();
    catalog.add(memoryEvents);
    const writes = [{ stream: 'memory-1', expected: 0, events } as const];

    expect(() => {
      catalog.check({ writes, keys: [] });
    }).not.toThrow();
    expect(new Set(events.map(({ data }) => data.memory_id)).size).toBe(120);
  });

  it('repeat their texts, so that their vectors are soon known', () => {
    const texts = executionsStored(120).map(({ text }) => JSON.stringify(text));

    expect(new Set(texts).size).toBe(50);
  });
});
