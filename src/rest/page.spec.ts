import { text } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageFrom, pageQuery } from './page.js';

const keys = z.tuple([z.number(), text(20)]);

describe('A page', () => {
  const keysOf = (row: string): string[] => [row];

  it('knows whether there is another after it', () => {
    expect(pageFrom(['a', 'b', 'c'], 2, keysOf)).toEqual({
      items: ['a', 'b'],
      next_cursor: encodeCursor(['b']),
    });
    expect(pageFrom(['a', 'b'], 2, keysOf)).toEqual({ items: ['a', 'b'], next_cursor: null });
    expect(pageFrom([], 2, keysOf)).toEqual({ items: [], next_cursor: null });
  });

  it('may have another size', () => {
    const query = z.strictObject(pageQuery(50, 10));

    expect(query.parse({})).toEqual({ limit: 10 });
    expect(query.parse({ limit: '50' })).toEqual({ limit: 50 });
    expect(query.safeParse({ limit: '51' }).success).toBe(false);
  });
});

describe('A cursor', () => {
  it('brings back the keys it was made of', () => {
    expect(decodeCursor(encodeCursor([0.5, 'ü/+"']), keys)).toEqual([0.5, 'ü/+"']);
  });

  it('is nothing when there is none', () => {
    expect(decodeCursor(undefined, keys)).toBeNull();
  });

  it.each([
    ['', 'nothing'],
    ['!!', 'no base64'],
    [Buffer.from('[1').toString('base64url'), 'no JSON'],
    [encodeCursor([1]), 'too few keys'],
    [encodeCursor(['1', 'a']), 'keys of another list'],
    [encodeCursor([1, 'a\u0000']), 'what no key can hold'],
    [Buffer.from('{"0":1,"1":"a"}').toString('base64url'), 'no list'],
  ])('%j is refused, for it holds %s', (cursor) => {
    expect(() => decodeCursor(cursor, keys)).toThrow(
      expect.objectContaining({
        kind: 'rule-broken',
        code: 'request.bad_cursor',
        fields: [{ field: 'cursor', message: 'is not a cursor of this list' }],
      }),
    );
  });
});
