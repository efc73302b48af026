import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diverse } from './diversity.js';

const north = { id: 'north', rank: 0.9, direction: [1, 0] };
const again = { id: 'again', rank: 0.8, direction: [1, 0] };
const east = { id: 'east', rank: 0.5, direction: [0, 1] };
const ids = (chosen: readonly { id: string }[]): string[] => chosen.map(({ id }) => id);

describe('A choice', () => {
  it.each([
    [0, ['north', 'again', 'east']],
    [0.5, ['north', 'east', 'again']],
    [1, ['north', 'east', 'again']],
  ])('of diversity %d takes %j', (diversity, expected) => {
    expect(ids(diverse([north, again, east], diversity, 3))).toEqual(expected);
  });

  it('takes what has no vector for something that resembles nothing', () => {
    const unknown = { id: 'unknown', rank: 0.5, direction: null };

    expect(ids(diverse([north, again, unknown], 0.5, 2))).toEqual(['north', 'unknown']);
  });

  const candidate = fc.record({
    id: fc.uuid(),
    rank: fc.double({ min: 0, max: 1, noNaN: true }),
    direction: fc.option(fc.constantFrom([1, 0], [0, 1], [0.6, 0.8])),
  });
  const candidates = fc
    .array(candidate, { maxLength: 20 })
    .map((all) => all.toSorted((a, b) => b.rank - a.rank));

  it('begins with the best, and takes each once', () => {
    fc.assert(
      fc.property(
        candidates,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(25),
        (all, diversity, count) => {
          const chosen = diverse(all, diversity, count);
          expect(chosen).toHaveLength(Math.min(count, all.length));
          expect(new Set(chosen).size).toBe(chosen.length);
          if (count > 0) expect(chosen[0]).toBe(all[0]);
        },
      ),
    );
  });

  it('without diversity is the order they came in', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        expect(diverse(all, 0, all.length)).toEqual(all);
      }),
    );
  });
});
