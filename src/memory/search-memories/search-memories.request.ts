import { saying } from '#kernel';
import { z } from 'zod';
import { memoryFilter } from '../read-model/memory-filter.js';

/** Longer questions are cut by every model long before. */
const QUESTION_MAX = 20_000;

export const searchMemoriesRequest = z.strictObject({
  task_description: saying(QUESTION_MAX).meta({ example: 'user authentication' }),
  top_k: z.int().min(1).max(20).default(5),
  similarity_threshold: z.number().min(0).max(1).nullable().default(null).meta({
    description: "Cosine below which nothing is returned; the model's own when left out.",
  }),
  success_only: z.boolean().default(false),
  mode: z
    .enum(['semantic', 'keyword', 'hybrid'])
    .default('semantic')
    .refine((mode) => mode === 'semantic', {
      error: 'can only be "semantic": keyword and hybrid are not available yet',
    }),
  filters: memoryFilter.prefault({}),
});
export type SearchMemoriesRequest = z.output<typeof searchMemoriesRequest>;
