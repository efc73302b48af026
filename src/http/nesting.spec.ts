import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pastBounds } from './nesting.js';

const nestsDeeperThan = (depth: number, json: Uint8Array): boolean =>
  pastBounds({ depth, members: Infinity }, json) === 'depth';

const depthOf = (value: unknown): number =>
  value !== null && typeof value === 'object'
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

describe('The depth of JSON', () => {
  it('is known without parsing it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isPretty) => {
        const json = Buffer.from(JSON.stringify(value, null, isPretty ? 2 : 0));
        const depth = depthOf(value);

        expect(nestsDeeperThan(depth, json)).toBe(false);
        if (depth > 0) expect(nestsDeeperThan(depth - 1, json)).toBe(true);
      }),
    );
  });

  it('is not counted in strings, however they end', () => {
    expect(nestsDeeperThan(0, Buffer.from('"[[[\\"[[["'))).toBe(false);
    expect(nestsDeeperThan(0, Buffer.from('"[[[\\'))).toBe(false);
    expect(nestsDeeperThan(1, Buffer.from('["\\\\",[]]'))).toBe(true);
  });

  it('counts members wherever they are, and no commas in strings', () => {
    const bounds = { depth: 9, members: 3 };

    expect(pastBounds(bounds, Buffer.from('[1,{"a,b,c":"d,e"}]'))).toBeNull();
    expect(pastBounds(bounds, Buffer.from('[1,[2,[3,4]]]'))).toBe('members');
  });
});
