import { label, saying } from '#kernel';
import { z } from 'zod';
import { memoryFilter } from '../read-model/memory-filter.js';

/** Longer questions are cut by every model long before. */
const QUESTION_MAX = 20_000;

export const searchMemoriesRequest = z.strictObject({
  task_description: saying(QUESTION_MAX).meta({ example: 'user authentication' }),
  top_k: z.int().min(1).max(20).default(5),
  similarity_threshold: z.number().min(0).max(1).nullable().default(null).meta({
    description:
      "Cosine below which nothing is returned. Left out: the model's own, which a hit with every word of the text need not reach; none for `keyword`.",
  }),
  success_only: z.boolean().default(false),
  mode: z
    .enum(['semantic', 'keyword', 'hybrid'])
    .default('hybrid')
    .meta({ description: 'By meaning, by words, or by both.' }),
  accuracy: z
    .enum(['fast', 'balanced', 'exact'])
    .default('balanced')
    .meta({ description: 'Among many memories; few are always looked at one by one.' }),
  diversity: z.number().min(0).max(1).default(0).meta({
    description: 'How much a hit should differ from those before it: 0 not at all.',
  }),
  task_id: label()
    .nullable()
    .default(null)
    .meta({ description: 'The task that asks; its own memories are left out.' }),
  explain: z.boolean().default(false).meta({ description: 'Tell how hits were looked for.' }),
  filters: memoryFilter.prefault({}),
});
export type SearchMemoriesRequest = z.output<typeof searchMemoriesRequest>;
