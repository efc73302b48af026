import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const PROBLEM = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

/** How the OpenAPI document describes a refusal. */
interface DocumentedRefusal {
  readonly description: string;
  readonly content: typeof PROBLEM;
}

export const documentedRefusal = (status: number): DocumentedRefusal => ({
  description: STATUS_CODES[status] ?? 'Problem',
  content: PROBLEM,
});

/** Documents the statuses with which a route may refuse, besides those every route has. */
export function Refuses(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, ...documentedRefusal(status) })),
  );
}
