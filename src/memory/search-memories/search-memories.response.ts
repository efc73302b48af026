import { z } from 'zod';

const score = (): z.ZodNumber => z.number().min(0).max(1);

export const searchMemoriesResponse = z.object({
  items: z.array(
    z.object({
      task_id: z.string(),
      memory_id: z.uuid(),
      summary: z.string(),
      success: z.boolean(),
      similarity_score: score().meta({ description: 'Cosine; negative ones are 0.' }),
      keyword_score: z
        .number()
        .nullable()
        .meta({ description: 'null where words were not looked at.' }),
      rank_score: score(),
      reused_count: z.int().meta({ description: 'Before this search.' }),
      highlights: z.array(z.string()),
    }),
  ),
  threshold_used: score(),
  model_key: z.string(),
  search_time_ms: z.number(),
  mode: z.enum(['semantic', 'keyword', 'hybrid']),
});
export type SearchMemoriesResponse = z.output<typeof searchMemoriesResponse>;
