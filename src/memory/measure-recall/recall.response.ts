import { z } from 'zod';

export const recallResponse = z
  .object({
    sampled_one_in: z
      .int()
      .nullable()
      .meta({ description: 'The setting `RECALL_SAMPLE`; null: none.' }),
    modes: z.array(
      z.object({
        mode: z.enum(['semantic', 'keyword', 'hybrid']),
        searches: z.int().meta({ description: 'That were asked again, exactly.' }),
        recall: z
          .number()
          .meta({ description: 'The mean share of the exact hits that was found, 0..1.' }),
      }),
    ),
  })
  .meta({ id: 'Recall' });
export type RecallResponse = z.output<typeof recallResponse>;
