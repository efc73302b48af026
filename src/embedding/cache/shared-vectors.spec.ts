import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decoded, encoded, sharedKey } from './shared-vectors.js';

describe('A vector that is shared', () => {
  it('is the same bytes on the way back', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (vector, truncated) => {
          const back = decoded(encoded({ vector, truncated }), vector.length);

          expect(back?.truncated).toBe(truncated);
          expect(back?.vector).toEqual(vector);
        },
      ),
    );
  });

  it('is none when it has other dimensions', () => {
    const one = encoded({ vector: Float32Array.of(1, 0), truncated: false });

    expect(decoded(one, 3)).toBeNull();
    expect(decoded(Buffer.alloc(0), 2)).toBeNull();
  });

  it('is called after its space and its text', () => {
    expect(sharedKey('m@1/f/s/all', 'ab')).toBe('omoi:embedding:m@1/f/s/all:ab');
  });
});
