import { DomainError, type FieldError } from '#kernel';
import { type z } from 'zod';

const MAX_ERRORS = 50;
const MAX_FIELD = 200;

/** What a schema makes of a value. @throws DomainError 422 `request.invalid` naming each field. */
export function fit<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const { data, success, error } = schema.safeParse(value);
  if (!success) throw misfit(fieldErrors(error.issues));

  return data;
}

/** 422 with the first 50 of the errors. */
export const misfit = (errors: readonly FieldError[]): DomainError =>
  new DomainError(
    'rule-broken',
    'request.invalid',
    'Some of what was sent does not fit; `errors` names each field.',
    errors.slice(0, MAX_ERRORS),
  );

/** The issues of a schema as fields with a message each; `parent` is what their paths begin with. */
export function fieldErrors(
  issues: readonly z.core.$ZodIssue[],
  parent: readonly string[] = [],
): FieldError[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...issue.path];
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];

    return paths.map((each) => ({ field: fieldOf(each), message: issue.message }));
  });
}

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.map(String).join('.').slice(0, MAX_FIELD) || 'body';
