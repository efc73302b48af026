import { text } from '#kernel';
import { z } from 'zod';

export const giveFeedbackRequest = z.strictObject({
  helpful: z.boolean().meta({ description: 'Whether the claim held.', example: true }),
  confidence_adjustment: z
    .number()
    .min(-0.2)
    .max(0.2)
    .nullable()
    .default(null)
    .meta({ description: 'Added to the confidence that is served.', example: 0.05 }),
  comment: text(2_000).nullable().default(null),
});
export type GiveFeedbackRequest = z.output<typeof giveFeedbackRequest>;

export const giveFeedbackResponse = z.object({
  status: z.literal('feedback_recorded'),
  new_confidence: z.number().min(0).max(1),
});
export type GiveFeedbackResponse = z.output<typeof giveFeedbackResponse>;
