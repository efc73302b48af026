import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { jsonObject, moment, saying, text } from './fields.js';

const fits = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const messages = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

const UNSTORABLE = 'must not contain NUL characters or lone surrogates';

describe('A text', () => {
  it('is counted in code points, not in UTF-16 units', () => {
    expect(fits(text(3), '😀😀😀')).toBe(true);
    expect(messages(text(3), '😀😀😀a')).toEqual(['must be at most 3 characters']);
    expect(messages(text(3), 'x'.repeat(7))).toEqual(['must be at most 3 characters']);
    expect(messages(text(9, 2), '😀')).toEqual(['must be at least 2 characters']);
    expect(fits(text(9, 2), '😀😀')).toBe(true);
  });

  it.each(['\u0000', 'a\u0000b', '\ud83d', '\ude00', 'a\ud83d b', '\ude00\ud83d'])(
    'cannot be %j, and says why once',
    (value) => {
      expect(messages(text(1, 1), value)).toEqual([UNSTORABLE]);
    },
  );

  it.each(['\u0001', '\u007f', '\u2028', '\ufeff', '\ufffd', '👨‍👩‍👧'])('can be %j', (value) => {
    expect(text(10).parse(value)).toBe(value);
  });

  it('stays as it is, untrimmed and in its own normal form', () => {
    for (const value of [' a ', 'e\u0301', '\u00e9', '']) expect(text(10).parse(value)).toBe(value);
  });

  it.each([null, undefined, 1, ['a'], {}])('is not %j', (value) => {
    expect(fits(text(10), value)).toBe(false);
  });

  it('fits exactly when it is storable and of the right length', () => {
    const unit = fc.constantFrom('a', '😀', '\u0000', '\ud83d', '\ude00', ' ');

    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), (value) => {
        const { length } = Array.from(value);
        const storable = !value.includes('\u0000') && value.isWellFormed();

        expect(fits(text(4, 2), value)).toBe(storable && length >= 2 && length <= 4);
      }),
    );
  });

  it('says its bounds to the documents', () => {
    expect(z.toJSONSchema(text(5, 1))).toMatchObject({ minLength: 1, maxLength: 5 });
    expect(z.toJSONSchema(text(5))).not.toHaveProperty('minLength');
  });
});

describe('A saying', () => {
  it.each(['', ' ', '\n\t\r', '\u00a0', '\u3000\u2003'])('is not %j', (value) => {
    expect(fits(saying(10), value)).toBe(false);
  });

  it('may have white space around it, which stays', () => {
    expect(saying(10).parse(' a\n')).toBe(' a\n');
  });
});

/** An object `levels` deep: 1 for `{}`. */
const nested = (levels: number, inner: unknown = {}): unknown =>
  Array.from({ length: levels - 1 }).reduce((found) => ({ in: found }), inner);
const nestedArrays = (levels: number): unknown => ({
  in: Array.from({ length: levels - 2 }).reduce<unknown>((found) => [found], []),
});

describe("A caller's own object", () => {
  it('stays the very object that was read, with a key called __proto__', () => {
    const read: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1}');

    expect(jsonObject().parse(read)).toBe(read);
    expect(JSON.stringify(jsonObject().parse(read))).toBe(
      '{"__proto__":{"admin":true},"constructor":1}',
    );
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each([null, undefined, [], 'a', 1, true])('is not %j', (value) => {
    expect(messages(jsonObject(), value)).toEqual(['must be an object']);
  });

  it('nests 32 levels deep, in objects and in arrays', () => {
    expect(fits(jsonObject(), nested(32))).toBe(true);
    expect(fits(jsonObject(), nestedArrays(32))).toBe(true);
    expect(fits(jsonObject(), nested(32, { a: null, b: 1, c: 'text' }))).toBe(true);
  });

  it('does not nest 33 levels deep', () => {
    for (const value of [nested(33), nestedArrays(33)]) {
      expect(messages(jsonObject(), value)).toEqual(['must not nest deeper than 32 levels']);
    }
  });

  it('is refused, not followed, when it nests a hundred thousand levels deep', () => {
    expect(messages(jsonObject(), nested(100_000))).toEqual([
      'must not nest deeper than 32 levels',
    ]);
  });

  it.each([Infinity, -Infinity, NaN])('holds no %d', (number) => {
    for (const value of [{ a: number }, { a: [1, { b: number }] }]) {
      expect(messages(jsonObject(), value)).toEqual(['holds a number out of range']);
    }
  });

  it('holds no number that JSON cannot carry', () => {
    expect(messages(jsonObject(), JSON.parse('{"a":1e999}'))).toEqual([
      'holds a number out of range',
    ]);
    expect(fits(jsonObject(), { a: 1e308, b: -0, c: 5e-324 })).toBe(true);
  });

  it.each(['\u0000', '\ud83d', 'a\udc00'])('holds %j neither as a key nor as a value', (bad) => {
    for (const value of [{ [bad]: 1 }, { a: bad }, { a: [[bad]] }, { a: { [bad]: {} } }]) {
      expect(messages(jsonObject(), value)).toEqual([UNSTORABLE]);
    }
  });

  it('is at most so many bytes', () => {
    expect(fits(jsonObject(11), { a: 'bcde' })).toBe(false);
    expect(fits(jsonObject(12), { a: 'bcde' })).toBe(true);
    expect(messages(jsonObject(11), { a: '😀' })).toEqual(['must be at most 11 bytes']);
  });

  it('is any JSON that is not too deep', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 5 })),
        (value) => {
          const read: unknown = JSON.parse(JSON.stringify(value));
          const storable = !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(value));

          expect(fits(jsonObject(), read)).toBe(storable);
        },
      ),
    );
  });
});

describe('A moment', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
    ['2026-01-31T12:00:00.123456789-05:30', '2026-01-31T17:30:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0000-12-31T23:00:00-01:00', '0001-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (given, read) => {
    expect(moment().parse(given)).toBe(read);
  });

  it.each([
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31 12:00:00Z',
    '2026-01-31',
    '31.01.2026',
    'yesterday',
    '',
    ' 2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00Z\n',
    1_769_860_800_000,
    null,
  ])('cannot be %j', (given) => {
    expect(fits(moment(), given)).toBe(false);
  });

  it('is the same moment after it was read again', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });

    fc.assert(
      fc.property(dates, (date) => {
        expect(moment().parse(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });
});
