import { newId } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashOf, idIn, isSame, keyText, newSecret } from './key-text.js';

const ID = '6f1c2c7e-3c7e-4d4b-9a4e-0d5c5f6f7a80';

describe('An API key', () => {
  it('can be told from other secrets and says its id', () => {
    const key = keyText(ID, newSecret());

    expect(key).toMatch(/^omoi_6f1c2c7e3c7e4d4b9a4e0d5c5f6f7a80_[A-Za-z0-9_-]{43}$/);
    expect(idIn(key)).toBe(ID);
  });

  it('has another secret each time', () => {
    const secrets = Array.from({ length: 100 }, newSecret);

    expect(new Set(secrets).size).toBe(100);
  });

  it.each([
    '',
    'omoi_',
    ID,
    `omoi_${ID}_${'a'.repeat(43)}`,
    `omoi_${'a'.repeat(32)}_${'a'.repeat(42)}`,
    `omoi_${'a'.repeat(32)}_${'a'.repeat(44)}`,
    `omoi_${'A'.repeat(32)}_${'a'.repeat(43)}`,
    `omoi_${'a'.repeat(32)}_${'a'.repeat(42)}=`,
    ` omoi_${'a'.repeat(32)}_${'a'.repeat(43)}`,
    `omoi_${'a'.repeat(32)}_${'a'.repeat(43)}\n`,
  ])('is not %j', (text) => {
    expect(idIn(text)).toBeNull();
  });

  it('is not whatever else somebody sends', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(idIn(text)).toBeNull();
      }),
    );
  });

  it('is known by its hash, and no part of it by that of another', () => {
    const [key, other] = [keyText(newId(), newSecret()), keyText(newId(), newSecret())];

    expect(isSame(hashOf(key), hashOf(key))).toBe(true);
    expect(isSame(hashOf(key), hashOf(other))).toBe(false);
    expect(hashOf(key)).toMatch(/^[0-9a-f]{64}$/);
  });
});
