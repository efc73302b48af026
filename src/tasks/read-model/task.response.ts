import { z } from 'zod';

export const taskResponse = z
  .object({
    id: z.string(),
    type: z.string(),
    description: z.string().nullable(),
    phase_id: z.string(),
    status: z.enum(['open', 'completed', 'failed']),
    metadata: z.record(z.string(), z.unknown()),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'Task' });

/** A task as it is served. */
export type TaskResponse = z.output<typeof taskResponse>;
