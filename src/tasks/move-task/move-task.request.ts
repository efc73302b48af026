import { phaseId } from '#phases';
import { z } from 'zod';

export const moveTaskRequest = z.strictObject({
  phase_id: phaseId().meta({ example: 'PHASE_REQUIREMENTS' }),
});

export const moveTaskResponse = z.object({
  id: z.string(),
  phase_id: z.string(),
  status: z.literal('open'),
});
