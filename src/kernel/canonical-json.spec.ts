import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, sha256 } from './canonical-json.js';

/** The same value with the keys of every object in the opposite order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();

  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
};

describe('Canonical JSON', () => {
  it('has the keys of every object in order, and arrays as they are', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 'x'], a: null })).toBe(
      '{"a":null,"b":[{"c":2,"d":1},"x"]}',
    );
  });

  it('is the same for equal values, however they were written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is another one for other values', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson('1')).not.toBe(canonicalJson(1));
    expect(canonicalJson({ a: null })).not.toBe(canonicalJson({}));
  });

  it('keeps a key called __proto__', () => {
    const value: unknown = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}');

    expect(canonicalJson(value)).toBe('{"__proto__":{"a":2,"z":1},"b":1}');
  });

  it('passes over what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
  });
});

describe('A sha256', () => {
  it('is that of the UTF-8 bytes, in hex', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('é')).not.toBe(sha256('e\u0301'));
  });
});
