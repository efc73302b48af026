import { executionFields } from '#kernel';
import { z } from 'zod';

export const finishTaskRequest = z.strictObject(executionFields);
export type FinishTaskRequest = z.output<typeof finishTaskRequest>;

export const finishTaskResponse = z.object({
  id: z.string(),
  status: z.enum(['completed', 'failed']),
});
