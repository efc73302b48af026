import { describe, expect, it } from '@jest/globals';
import { indicatorsOf, zOf, zOfRates } from './indicators.js';

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

  it('are no words that one outcome has more of because it says more', () => {
    const short = many(100, 'done').map((text, n) =>
      n % 4 === 0 ? `${text} with the help` : text,
    );
    const long = many(100, 'with the help of the log it was seen that the build had not been run ');
    const found = indicatorsOf(short, long);

    for (const phrase of ['with', 'the', 'help', 'with the', 'the help', 'with the help']) {
      expect(found.failure).not.toContain(phrase);
    }
    expect(found.success).toEqual(['done']);
  });

  it('are found at either length', () => {
    const long = 'it took a while, and then another while, until it was clear to me that ';
    const found = indicatorsOf(many(150, 'it was ok'), many(150, `${long} the port was taken`));

    expect(found.failure).toContain('port was taken');
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

describe('The z of two rates', () => {
  it.each([
    [{ with: 0, of: 500 }, { with: 0, of: 500 }, 0],
    [{ with: 10, of: 500 }, { with: 20, of: 1_000 }, 0],
    [{ with: 150, of: 3_150 }, { with: 0, of: 450 }, 6.33],
    [{ with: 95, of: 2_000 }, { with: 40, of: 2_000 }, 4.8],
    [{ with: 95, of: 20_000 }, { with: 40, of: 2_000 }, -6.77],
  ])('of %j against %j is %d', (one, other, z) => {
    expect(zOfRates(one, other)).toBeCloseTo(z, 1);
    expect(zOfRates(other, one)).toBeCloseTo(-z, 1);
  });
});
