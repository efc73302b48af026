import { z } from 'zod';

export const storeExecutionResponse = z.object({
  memory_id: z.uuid(),
  status: z.literal('stored'),
});
export type StoreExecutionResponse = z.output<typeof storeExecutionResponse>;
