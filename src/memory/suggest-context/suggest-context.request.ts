import { queryBoolean, queryDecimal, queryInteger } from '#rest';
import { z } from 'zod';

export const suggestContextQuery = z.strictObject({
  top_k: queryInteger(1, 10).default(3),
  similarity_threshold: queryDecimal(0, 1).optional(),
  record: queryBoolean().default(true),
  format: z
    .enum(['json', 'text'])
    .default('json')
    .meta({ description: '`text`: one short text for a prompt.' }),
});
export type SuggestContextQuery = z.output<typeof suggestContextQuery>;
