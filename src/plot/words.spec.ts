import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf, rowsOf } from './words.js';

describe('A text in lines', () => {
  it.each([
    ['short', 10, 2, ['short']],
    ['', 10, 2, ['']],
    ['one two three', 8, 2, ['one two', 'three']],
    ['one two three', 7, 2, ['one two', 'three']],
    ['unbrokenword', 5, 2, ['unbro', 'kenw…']],
    ['one two three four', 7, 2, ['one two', 'three …']],
    ['😀😀😀😀', 3, 1, ['😀😀…']],
  ])('%j in %d characters and %d lines is %j', (text, width, most, lines) => {
    expect(linesOf(text, width, most)).toEqual(lines);
  });
});

describe('The rows of labels', () => {
  it('are one where there is room', () => {
    const labels = [
      { start: 0, width: 10 },
      { start: 10, width: 10 },
    ];
    expect(rowsOf(labels)).toEqual([0, 0]);
  });

  it('keep labels from each other, and the stems of the upper ones from the lower ones', () => {
    const label = fc.record({ start: fc.nat(100), width: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 20 }), (labels) => {
        const rows = rowsOf(labels);
        labels.forEach((one, i) => {
          labels.forEach((other, j) => {
            const isUnder = i !== j && (rows[i] ?? 0) <= (rows[j] ?? 0);
            const isCrossed = one.start < other.start && other.start < one.start + one.width;
            expect(isUnder && isCrossed).toBe(false);
          });
        });
        expect(new Set(labels.map(({ start }, i) => `${start} ${String(rows[i])}`)).size).toBe(
          labels.length,
        );
      }),
    );
  });
});
