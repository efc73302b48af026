import { z } from 'zod';

export const MOST_IN_A_BATCH = 1_000;

/** The envelope alone: each execution is read and refused by itself. */
export const storeBatchRequest = z.strictObject({
  executions: z
    .array(z.unknown())
    .min(1, 'must hold at least 1 execution')
    .max(MOST_IN_A_BATCH, `must hold at most ${String(MOST_IN_A_BATCH)} executions`),
});

/** An execution of a batch as it was sent; a line of NDJSON may be no JSON at all. */
export type BatchItem = { readonly json: unknown } | { readonly unreadable: true };

/** NDJSON, or what was read from JSON. @throws DomainError from `refuse` when it is no batch */
export const batchBody = z
  .union([z.string(), storeBatchRequest])
  .transform((body): BatchItem[] =>
    typeof body === 'string'
      ? body
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(readLine)
      : body.executions.map((json) => ({ json })),
  )
  .refine((items) => items.length > 0 && items.length <= MOST_IN_A_BATCH, {
    error: `must hold 1 to ${String(MOST_IN_A_BATCH)} executions`,
    path: ['executions'],
  });

function readLine(line: string): BatchItem {
  try {
    return { json: JSON.parse(line) as unknown };
  } catch {
    return { unreadable: true };
  }
}
