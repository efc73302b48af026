import { z } from 'zod';

const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
const WHOLE = /^-?\d{1,15}$/;

/** A whole number from `min` to `max`, as a query string spells it. */
export function queryInteger(min: number, max: number): z.ZodType<number, string> {
  return number(WHOLE, { min, max }, 'a whole number').meta({
    type: 'integer',
    minimum: min,
    maximum: max,
  });
}

/** A decimal from `min` to `max`, written without an exponent. */
export function queryDecimal(min: number, max: number): z.ZodType<number, string> {
  return number(DECIMAL, { min, max }, 'a number').meta({
    type: 'number',
    minimum: min,
    maximum: max,
  });
}

/** `true` or `false`, and nothing else. */
export function queryBoolean(): z.ZodType<boolean, string> {
  return once()
    .refine((value) => value === 'true' || value === 'false', { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .meta({ type: 'boolean' });
}

/** A list spelled by repeating the name (`tags=a&tags=b`), of at most `max` entries. */
export function queryList<Item>(
  item: z.ZodType<Item, string>,
  max: number,
): z.ZodType<Item[], string[]> {
  return z.preprocess(
    (value: string[]) => (typeof value === 'string' ? [value] : value),
    z.array(item).max(max),
  );
}

const once = (): z.ZodString =>
  z.string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : undefined) });

function number(
  form: RegExp,
  { min, max }: { min: number; max: number },
  what: string,
): z.ZodType<number, string> {
  return once()
    .refine((value) => form.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `must be ${what} from ${min} to ${max}`,
    })
    .transform(Number);
}
