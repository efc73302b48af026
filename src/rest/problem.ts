import { type DomainError, type FieldError, type Refusal } from '#kernel';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

const STATUS: Readonly<Record<Refusal, number>> = {
  unreadable: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rule-broken': 422,
  'too-often': 429,
  overloaded: 503,
  unavailable: 503,
};

/** An RFC 9457 problem document. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: '`urn:omoi:problem:` and the code.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'A sentence for people.' }),
    code: z.string().meta({ description: 'Stable, for programs.', example: 'task.not_found' }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ description: 'A dotted path.', example: 'filters.tags.0' }),
          message: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'What is wrong with which field.' }),
    request_id: z.string(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** A no that HTTP itself has a number for. */
export interface SpokenRefusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** The problem document of a refusal said on purpose. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { kind, code, message, fields } = error;

  return problemFor({ status: STATUS[kind], code, detail: message, errors: fields }, requestId);
}

export function problemFor(refusal: SpokenRefusal, requestId: string): Problem {
  const { status, code, detail, errors = [] } = refusal;

  return {
    type: `urn:omoi:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Problem',
    status,
    detail,
    code,
    ...(errors.length > 0 ? { errors: [...errors] } : {}),
    request_id: requestId,
  };
}
