import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nameBasedId, newId } from './id.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-([\da-f])[\da-f]{3}-[\da-f]{12}$/;

/** Version and variant of a UUID. */
const kindOf = (id: string): string[] => UUID.exec(id)?.slice(1) ?? [];

describe('A new id', () => {
  it('is a random UUID, another one each time', () => {
    expect(kindOf(newId())[0]).toBe('4');
    expect(newId()).not.toBe(newId());
  });
});

describe('The id of a name', () => {
  // What uuid5 of Python says in the namespace 6f6d6f69-2d6d-456d-8f72-792d70617474.
  it.each([
    ['', '50efb364-b976-5458-88d4-8891a3eb91b7'],
    ['a', 'd57d394e-b3bd-5f48-93cb-ec42fdaf2d21'],
    ['é😀', '12a434ce-5485-5b7a-8f95-9dd58eff733a'],
    ['["n","success",["root"]]', '1e3817d0-88f1-5f18-82e0-471cc89a4e7d'],
  ])('%j is %s', (name, id) => {
    expect(nameBasedId(name)).toBe(id);
  });

  it('is a UUID of version 5, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const [version, variant] = kindOf(nameBasedId(name));

        expect(version).toBe('5');
        expect('89ab').toContain(variant);
      }),
    );
  });

  it('is another one for another name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(nameBasedId(one) === nameBasedId(other)).toBe(one === other);
      }),
    );
  });
});
