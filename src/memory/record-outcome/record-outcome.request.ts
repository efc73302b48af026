import { text } from '#kernel';
import { z } from 'zod';

export const recordOutcomeRequest = z.strictObject({
  success: z.boolean().meta({ description: 'How the task ended.', example: true }),
  comment: text(2_000).nullable().default(null),
});
export type RecordOutcomeRequest = z.output<typeof recordOutcomeRequest>;

export const recordOutcomeResponse = z.object({
  suggestion_id: z.uuid(),
  status: z.literal('outcome_recorded'),
});
export type RecordOutcomeResponse = z.output<typeof recordOutcomeResponse>;
