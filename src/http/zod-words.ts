import { z } from 'zod';

type Raw<Code extends z.core.$ZodIssue['code']> = z.core.$ZodRawIssue<
  Extract<z.core.$ZodIssue, { code: Code }>
>;
type Words = { readonly [Code in z.core.$ZodIssue['code']]: (issue: Raw<Code>) => string };

const THINGS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const UNITS: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  object: ' fields',
};

const FORMS: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  datetime: 'a time such as 2026-01-31T12:00:00Z',
  url: 'a URL',
};

const WORDS: Words = {
  invalid_type: ({ expected, input }) =>
    input === undefined ? 'is required' : `must be ${THINGS[expected] ?? expected}`,
  too_small: ({ origin, minimum, inclusive }) =>
    bound(inclusive === false ? 'more than' : 'at least', minimum, origin),
  too_big: ({ origin, maximum, inclusive }) =>
    bound(inclusive === false ? 'less than' : 'at most', maximum, origin),
  invalid_format: ({ format }) => {
    const form = FORMS[format];
    return form === undefined ? 'is not well formed' : `must be ${form}`;
  },
  invalid_value: ({ values, input }) =>
    input === undefined ? 'is required' : `must be ${listed(values)}`,
  not_multiple_of: ({ divisor }) => `must be a multiple of ${divisor}`,
  unrecognized_keys: () => 'is not a known field',
  invalid_union: ({ input }) =>
    input === undefined ? 'is required' : 'has none of the forms accepted here',
  invalid_key: () => 'has a key that is not accepted',
  invalid_element: () => 'has an entry that is not accepted',
  custom: () => 'is not accepted',
};

/** Lets every schema of this process say what is wrong as the end of a sentence about its field. */
export function speakPlainly(): void {
  z.config({ localeError: (issue) => (WORDS[issue.code] as (issue: unknown) => string)(issue) });
}

const bound = (word: string, limit: bigint | number, origin: string): string => {
  const unit = UNITS[origin] ?? '';

  return `must ${unit === ' entries' ? 'have' : 'be'} ${word} ${limit}${unit}`;
};

const listed = (values: readonly z.core.util.Primitive[]): string =>
  values.length === 1 ? String(values[0]) : `one of: ${values.map(String).join(', ')}`;
