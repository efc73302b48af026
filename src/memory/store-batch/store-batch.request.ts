import { NdJson } from '#rest';
import { z } from 'zod';
import { storeExecutionRequest } from '../store-execution/store-execution.request.js';

const MOST_IN_A_BATCH = 1_000;

/** What a reader of the documentation needs to know of a value that is read later. */
const documented = (schema: z.ZodType): z.core.GlobalMeta => {
  const { $schema, ...said } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'openapi-3.0',
    unrepresentable: 'any',
  });
  return said;
};

/** A batch in JSON or NDJSON. Its executions are read, and refused, one by one. */
export const storeBatchRequest = z.preprocess(
  (body: unknown) => (body instanceof NdJson ? { executions: body.lines(MOST_IN_A_BATCH) } : body),
  z.strictObject({
    executions: z
      .array(z.unknown().meta(documented(storeExecutionRequest)))
      .min(1, 'must hold at least 1 execution')
      .max(MOST_IN_A_BATCH, `must hold at most ${String(MOST_IN_A_BATCH)} executions`)
      .meta({
        description: 'Each as for a single store.',
        example: [
          {
            task_id: 'task-124',
            execution_summary: 'Added an index; the slow query takes 3 ms now',
            success: true,
            task: { type: 'fix_performance' },
          },
        ],
      }),
  }),
);
export type StoreBatchRequest = z.output<typeof storeBatchRequest>;
