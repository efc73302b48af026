import type { EventContent } from '#kernel';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { memoryEvents } from './memory.events.js';

const golden = (name: string): { old: EventContent; now: EventContent } =>
  JSON.parse(readFileSync(`test/fixtures/events/${name}.json`, 'utf8')) as {
    old: EventContent;
    now: EventContent;
  };

describe('A context that was suggested', () => {
  const { upcasters, data } = memoryEvents['context.suggested'];

  it.each([
    ['before there were patterns', 1, 'context.suggested.v1'],
    ['when they were new', 1, 'context.suggested.v1-with-patterns'],
    ['before it said why', 2, 'context.suggested.v2'],
  ])('%s is read as one of today', (_, version, name) => {
    const { old, now } = golden(name);
    const read = upcasters
      .slice(version - 1)
      .reduce<EventContent>((content, upcaster) => upcaster(content), old);

    expect(read).toEqual(now);
    expect(data.parse(now.data)).toEqual(now.data);
  });
});
