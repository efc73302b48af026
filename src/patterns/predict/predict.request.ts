import { DESCRIPTION_MAX, label, text } from '#kernel';
import { z } from 'zod';

export const predictRequest = z.strictObject({
  task_type: label().meta({ example: 'implement_api' }),
  agent_id: label().nullable().default(null).meta({ example: 'coder-1' }),
  task_description: text(DESCRIPTION_MAX).nullable().default(null).meta({
    description: 'Names the extracted patterns that match; the probability does not rest on it.',
    example: null,
  }),
  task_id: label()
    .nullable()
    .default(null)
    .meta({ description: 'A task that was tried before.', example: null }),
});
export type PredictRequest = z.output<typeof predictRequest>;

const probability = z.number().min(0).max(1);
export const predictResponse = z.object({
  probability: probability.meta({ description: 'That the next execution succeeds.' }),
  interval: z.object({ low: probability, high: probability }).meta({ description: '90 %.' }),
  basis: z.array(z.string()).meta({ description: 'What it rests on, the most particular first.' }),
});
export type PredictResponse = z.output<typeof predictResponse>;
