import { describe, expect, it } from '@jest/globals';
import { cosineSimilarity, euclideanDistance, padded, unit } from './vector.js';

describe('The cosine of two vectors', () => {
  it.each([
    ['1 for the same vector', [0.1, 0.2, 0.3], [0.1, 0.2, 0.3], 1],
    ['1 for the same direction', [1, 2], [2, 4], 1],
    ['0 for a right angle', [1, 0], [0, 1], 0],
    ['-1 for opposite directions', [1, 2], [-1, -2], -1],
    ['0 beside a zero vector', [0, 0], [1, 2], 0],
    ['0 beside an empty vector', [], [1, 2], 0],
  ])('is %s', (_said, a, b, cosine) => {
    expect(cosineSimilarity(a, b)).toBeCloseTo(cosine, 12);
  });

  it('never leaves -1..1', () => {
    const vector = Array.from({ length: 384 }, (_, at) => Math.sin(at) / 7);

    expect(cosineSimilarity(vector, vector)).toBeLessThanOrEqual(1);
  });

  it('is refused for vectors of different lengths', () => {
    expect(() => cosineSimilarity([1], [1, 2])).toThrow('vectors of 1 and 2 numbers');
  });
});

describe('The distance of two vectors', () => {
  it.each([
    ['0 for the same point', [0, 0, 0], [0, 0, 0], 0],
    ['5 from (0,0,0) to (3,4,0)', [0, 0, 0], [3, 4, 0], 5],
    ['infinite to an empty vector', [], [1], Infinity],
  ])('is %s', (_said, a, b, distance) => {
    expect(euclideanDistance(a, b)).toBe(distance);
  });

  it('is refused for vectors of different lengths', () => {
    expect(() => euclideanDistance([1], [1, 2])).toThrow('vectors of 1 and 2 numbers');
  });
});

describe('A unit vector', () => {
  it('keeps its direction', () => {
    expect(unit([3, 4])).toEqual(Float32Array.of(0.6, 0.8));
  });

  it.each([[[0, 0]], [[]], [[1, Number.NaN]], [[1, Infinity]]])('is not made of %p', (vector) => {
    expect(unit(vector)).toBeNull();
  });
});

describe('A padded vector', () => {
  it('has zeros behind it', () => {
    expect(padded([1, 2], 4)).toEqual([1, 2, 0, 0]);
  });

  it('stays as it is when it is long enough', () => {
    expect(padded([1, 2], 1)).toEqual([1, 2]);
  });
});
