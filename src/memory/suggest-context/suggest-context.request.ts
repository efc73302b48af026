import { queryBoolean, queryDecimal, queryInteger } from '#rest';
import { z } from 'zod';

const MOST = 10;
const USUAL = 3;

export const suggestContextQuery = z.strictObject({
  top_k: queryInteger(1, MOST).default(USUAL),
  similarity_threshold: queryDecimal(0, 1).optional(),
  record: queryBoolean().default(true),
  format: z
    .enum(['json', 'text'])
    .default('json')
    .meta({ description: '`text`: one short text for a prompt.' }),
});
export type SuggestContextQuery = z.output<typeof suggestContextQuery>;

/** The same as a sibling module asks it. */
export const contextAsked = z.strictObject({
  top_k: z.int().min(1).max(MOST).default(USUAL),
  similarity_threshold: z.number().min(0).max(1).optional(),
  record: z.boolean().default(true),
});
export type ContextAsked = z.output<typeof contextAsked>;
