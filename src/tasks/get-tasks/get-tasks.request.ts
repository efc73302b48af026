import { label, text } from '#kernel';
import { pageQuery } from '#rest';
import { z } from 'zod';

export const listTasksQuery = z.strictObject({
  ...pageQuery(),
  type: label().optional(),
  phase_id: text(50, 1).optional(),
  status: z.enum(['open', 'completed', 'failed']).optional(),
});
export type ListTasksQuery = z.output<typeof listTasksQuery>;
