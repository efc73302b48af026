import { z } from 'zod';

const score = (): z.ZodNumber => z.number().min(0).max(1);

const how = z.enum(['exact', 'index']).nullable().meta({
  description: '`exact`: every memory was looked at. null: none of them.',
});
const count = z.int().min(0).nullable();

const explanation = z.object({
  plan: z.object({ semantic: how, keyword: how }),
  rows: count.meta({
    description: 'Memories that the filters leave, as far as it matters for the plan.',
  }),
  candidates: z.object({ by_meaning: count, by_words: count, scored: z.int().min(0) }),
  terms: z
    .object({ asked: count, looked_up: count })
    .meta({ description: 'Words of the text and their parts; those that memories were found by.' }),
  thresholds: z.object({
    similarity: score(),
    spares_complete: z
      .boolean()
      .meta({ description: 'Whether a hit with every word of the text need not reach it.' }),
  }),
  weights: z.object({ similarity: score(), keyword: score() }),
  timings_ms: z.object({ embedding: z.number(), search: z.number() }),
});

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
        .min(0)
        .nullable()
        .meta({ description: 'BM25; null where words were not looked at.' }),
      rank_score: score().meta({ description: 'What hits are ordered by.' }),
      reused_count: z.int().meta({ description: 'Before this search.' }),
      highlights: z
        .array(z.string())
        .meta({ description: 'Parts of its texts, **the words** that were found marked.' }),
    }),
  ),
  threshold_used: score(),
  model_key: z.string(),
  search_time_ms: z.number(),
  mode: z.enum(['semantic', 'keyword', 'hybrid']),
  abstained: z.boolean().meta({ description: 'true: nothing here is good enough.' }),
  reason: z.string().nullable().meta({ description: 'Why nothing is returned.' }),
  explanation: explanation.nullable().meta({ description: 'null unless it was asked for.' }),
});
export type SearchMemoriesResponse = z.output<typeof searchMemoriesResponse>;
