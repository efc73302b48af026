import { describe, expect, it } from '@jest/globals';
import { indicatorsOf, zOf } from './indicators.js';

const NONE = { success: [], failure: [] };
const many = (count: number, text: string): string[] =>
  Array.from({ length: count }, (_, n) => `${'abcdefghij'.charAt(n % 10)} ${text}`);

describe('Indicators', () => {
  it('are none without texts, or with one outcome alone', () => {
    expect(indicatorsOf([], [])).toEqual(NONE);
    expect(indicatorsOf(many(100, 'wrote tests'), [])).toEqual(NONE);
  });

  it('are what one outcome says and the other does not', () => {
    const found = indicatorsOf(many(40, 'wrote tests first'), many(40, 'guessed the cause'));

    expect(found.success[0]).toBe('wrote tests first');
    expect(found.failure[0]).toBe('guessed the cause');
  });

  it('say a thing once: no phrase of theirs is within another, or goes on from it', () => {
    expect(indicatorsOf(many(40, 'wrote tests first'), many(40, 'no idea')).success).toEqual([
      'wrote tests first',
    ]);
  });

  it('are none when both outcomes say the same', () => {
    expect(indicatorsOf(many(100, 'did it'), many(100, 'did it'))).toEqual(NONE);
  });

  it('tell "not passed" from "passed"', () => {
    const found = indicatorsOf(many(40, 'the build passed'), many(40, 'the build not passed'));

    expect(found.success.join(' ')).toContain('passed');
    expect(found.failure.join(' ')).toContain('not passed');
    expect(found.success.join(' ')).not.toContain('not');
  });

  it('need three texts that have them', () => {
    const others = many(400, 'did other things');

    expect(indicatorsOf([...many(2, 'magic word'), ...others], others).success).toEqual([]);
  });

  it('are eight at most', () => {
    const words = Array.from(
      { length: 30 },
      (_, n) => `w${'abcdefghijklmnopqrstuvwxyzäöüß'.charAt(n)}`,
    );
    const texts = words.flatMap((word) => many(20, `${word}.`));

    expect(indicatorsOf(texts, many(600, 'nothing')).success.length).toBeLessThanOrEqual(8);
  });
});

describe('The z of a phrase', () => {
  it.each([
    [{ with: 0, of: 50 }, { with: 0, of: 50 }, 0],
    [{ with: 10, of: 50 }, { with: 10, of: 50 }, 0],
    [{ with: 30, of: 50 }, { with: 5, of: 50 }, 4.64],
  ])('of %j against %j is %d', (one, other, z) => {
    expect(zOf(one, other)).toBeCloseTo(z, 1);
    expect(zOf(other, one)).toBeCloseTo(-z, 1);
  });
});
