import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const PROBLEM = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

/** On every 429 and 503; the document says once what it means. */
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };
const PASSING = [429, 503];

/** How the OpenAPI document describes a refusal. */
interface DocumentedRefusal {
  readonly description: string;
  readonly headers?: typeof RETRY_AFTER;
  readonly content: typeof PROBLEM;
}

export const documentedRefusal = (status: number): DocumentedRefusal => ({
  description: STATUS_CODES[status] ?? 'Problem',
  ...(PASSING.includes(status) ? { headers: RETRY_AFTER } : {}),
  content: PROBLEM,
});

/** Documents the statuses with which a route may refuse, besides those every route has. */
export function Refuses(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, ...documentedRefusal(status) })),
  );
}
