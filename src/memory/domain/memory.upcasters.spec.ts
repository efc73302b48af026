import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { memoryEvents } from './memory.events.js';
import { withPatterns } from './memory.upcasters.js';

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(`test/fixtures/events/${name}.json`, 'utf8')) as unknown;

describe('A context that was suggested before there were patterns', () => {
  it.each(['context.suggested.v1', 'context.suggested.v1-with-patterns'])(
    'is read as one of today: %s',
    (name) => {
      const { old, now } = golden(name) as { old: { data: object }; now: { data: object } };

      expect(withPatterns(old as never)).toEqual(now);
      expect(memoryEvents['context.suggested'].data.parse(now.data)).toEqual(now.data);
    },
  );
});
