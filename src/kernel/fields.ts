import { z } from 'zod';

/** How deep a caller's own object may nest: past it, recursion elsewhere is no longer safe. */
const MAX_DEPTH = 32;

const codePoints = (value: string): number => Array.from(value).length;

const storable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

const UNSTORABLE = 'must not contain NUL characters or lone surrogates';

/** A string of `min..max` Unicode code points, without NUL and lone surrogates. */
export function text(max: number, min = 0): z.ZodString {
  return z
    .string()
    .refine(storable, { error: UNSTORABLE, abort: true })
    .refine((value) => value.length <= 2 * max && codePoints(value) <= max, {
      error: `must be at most ${String(max)} characters`,
    })
    .refine((value) => codePoints(value) >= min, {
      error: `must be at least ${String(min)} characters`,
    })
    .meta({ maxLength: max, ...(min > 0 ? { minLength: min } : {}) });
}

/** A text with something in it besides white space. */
export function saying(max: number): z.ZodString {
  return text(max, 1).refine((value) => value.trim() !== '', { error: 'must not be blank' });
}

/**
 * A caller's own JSON object: any keys, at most 32 levels and `maxBytes`, every string and number
 * storable. It stays the very object that was read: copying would lose a key called `__proto__`.
 */
export function jsonObject(maxBytes = Infinity): z.ZodType<Record<string, unknown>> {
  return z
    .custom<Record<string, unknown>>(isObject, { error: 'must be an object', abort: true })
    .superRefine((value, context) => {
      const problem = problemWith(value, MAX_DEPTH) ?? tooLarge(value, maxBytes);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ type: 'object', additionalProperties: true });
}

/**
 * A moment as RFC 3339 with its offset, in UTC after parsing; of the years 1 to 9999 there. What is
 * finer than a millisecond is cut off.
 */
export const moment = (): z.ZodType<string, string> =>
  z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-01-31T12:00:00Z' })
    .transform((value) => new Date(value).toISOString())
    .refine((value) => /^(?!0000)\d{4}-/.test(value), { error: 'must be in the years 1 to 9999' });

const isObject = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const tooLarge = (value: object, maxBytes: number): string | null =>
  maxBytes === Infinity || Buffer.byteLength(JSON.stringify(value)) <= maxBytes
    ? null
    : `must be at most ${String(maxBytes)} bytes`;

function problemWith(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return storable(value) ? null : UNSTORABLE;
  if (typeof value === 'number' && !Number.isFinite(value)) return 'holds a number out of range';
  if (value === null || typeof value !== 'object') return null;
  if (depth === 0) return `must not nest deeper than ${String(MAX_DEPTH)} levels`;

  return Object.entries(value)
    .flat()
    .reduce<string | null>((found, inner) => found ?? problemWith(inner, depth - 1), null);
}
