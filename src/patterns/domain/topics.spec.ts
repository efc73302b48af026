import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topicsOf } from './topics.js';

const times = (count: number, text: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => text(n));
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');

describe('The topics of texts', () => {
  it('are none of fewer than twenty', () => {
    expect(topicsOf(times(19, (n) => (n % 2 ? 'added an index' : 'raised the timeout')))).toEqual(
      [],
    );
  });

  it('are what groups of them say and the others do not', () => {
    const found = topicsOf(
      times(60, (n) => ['added an index', 'raised the timeout', 'renamed a column'][n % 3] ?? ''),
    );

    expect(found.map(({ phrases }) => phrases[0]).sort()).toEqual([
      'added an index',
      'raised the timeout',
      'renamed a column',
    ]);
    expect(found.map(({ texts }) => texts.length)).toEqual([20, 20, 20]);
  });

  it('are none where all say the same', () => {
    expect(topicsOf(times(60, () => 'raised the timeout of the client'))).toEqual([]);
  });

  it('leave out what fewer than five are about', () => {
    const found = topicsOf([
      ...times(30, () => 'added an index'),
      ...times(30, () => 'raised the timeout'),
      ...times(4, () => 'renamed a column'),
    ]);

    expect(found.map(({ phrases }) => phrases[0])).toEqual([
      'added an index',
      'raised the timeout',
    ]);
  });

  it('are not found in words drawn by chance', () => {
    const words = LETTERS.flatMap((a) => ['x', 'y', 'z'].map((b) => `${a}${b}`));
    const drawn = fc.array(fc.constantFrom(...words), { minLength: 12, maxLength: 12 });
    const logs = fc.sample(fc.array(drawn, { minLength: 60, maxLength: 60 }), {
      numRuns: 60,
      seed: 20_260_101,
    });
    const split = logs.filter((log) => topicsOf(log.map((said) => said.join(' '))).length > 0);

    expect(split).toEqual([]);
  });
});

describe('A text', () => {
  it('is of one topic at most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('an index', 'the timeout', 'a column', ''), {
          minLength: 20,
          maxLength: 120,
        }),
        (texts) => {
          const places = topicsOf(texts).flatMap((topic) => topic.texts);

          expect(new Set(places).size).toBe(places.length);
          expect(places.every((at) => at in texts)).toBe(true);
        },
      ),
    );
  });
});
