import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_LOOKED_AT, newestOfEach } from './looked-at.js';

const ended = (success: boolean, count: number): { success: boolean; nth: number }[] =>
  Array.from({ length: count }, (_, nth) => ({ success, nth }));

describe('Of executions are looked at', () => {
  it('the newest of each outcome, each of which stands for as many', () => {
    const looked = newestOfEach([...ended(false, 3), ...ended(true, 500)]);

    expect(looked).toHaveLength(MOST_LOOKED_AT + 3);
    expect(looked[0]).toEqual({ success: true, nth: 0, standsFor: 2.5 });
    expect(looked[MOST_LOOKED_AT - 1]).toEqual({ success: true, nth: 199, standsFor: 2.5 });
    expect(looked.at(-1)).toEqual({ success: false, nth: 2, standsFor: 1 });
  });

  it('so many that they stand for all, of either outcome', () => {
    const many = fc.nat({ max: 3 * MOST_LOOKED_AT });
    fc.assert(
      fc.property(many, many, (successes, failures) => {
        const looked = newestOfEach([...ended(true, successes), ...ended(false, failures)]);
        const standFor = (outcome: boolean): number =>
          looked
            .filter(({ success }) => success === outcome)
            .reduce((sum, { standsFor }) => sum + standsFor, 0);

        expect(standFor(true)).toBeCloseTo(successes, 6);
        expect(standFor(false)).toBeCloseTo(failures, 6);
      }),
      { numRuns: 50 },
    );
  });
});
