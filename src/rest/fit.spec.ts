import { DomainError } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { fieldErrors, fit, misfit } from './fit.js';

const schema = z.strictObject({
  name: z.string({ error: 'must be a string' }),
  list: z.array(z.strictObject({ n: z.int().max(9, 'must be at most 9') })).default([]),
});

function errorsOf(value: unknown): DomainError['fields'] {
  try {
    fit(schema, value);
  } catch (error) {
    if (error instanceof DomainError) return error.fields;
  }
  return [];
}

describe('A value that fits', () => {
  it('is what the schema makes of it', () => {
    expect(fit(schema, { name: 'a' })).toEqual({ name: 'a', list: [] });
  });
});

describe('A value that does not fit', () => {
  it('is refused as read and broken', () => {
    expect(() => fit(schema, {})).toThrow(
      expect.objectContaining({ kind: 'rule-broken', code: 'request.invalid' }),
    );
  });

  it('has each of its fields named, by its way through the value', () => {
    expect(errorsOf({ name: 1, list: [{ n: 1 }, { n: 10 }] })).toEqual([
      { field: 'name', message: 'must be a string' },
      { field: 'list.1.n', message: 'must be at most 9' },
    ]);
  });

  it('has each unknown field named', () => {
    const fields = errorsOf({ name: 'a', more: 1, and: 2, list: [{ n: 1, m: 2 }] });

    expect(fields.map(({ field }) => field).sort()).toEqual(['and', 'list.0.m', 'more']);
  });

  it.each([null, 'text', 1, []])('is the body itself when it is %j', (value) => {
    expect(errorsOf(value).map(({ field }) => field)).toEqual(['body']);
  });

  it('has 50 errors named at most, each with 200 characters of its field', () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`${'x'.repeat(300)}${String(n)}`, 1]),
    );
    const errors = errorsOf({ name: 'a', ...many });

    expect(errors).toHaveLength(50);
    expect(errors.every(({ field }) => field.length === 200)).toBe(true);
    expect(misfit(Array(51).fill({ field: 'a', message: 'b' })).fields).toHaveLength(50);
  });

  it('can be part of something larger', () => {
    const { error } = schema.safeParse({ name: 1 });

    expect(fieldErrors(error?.issues ?? [], ['items', '3'])).toEqual([
      { field: 'items.3.name', message: 'must be a string' },
    ]);
  });
});
