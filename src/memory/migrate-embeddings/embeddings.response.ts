import { z } from 'zod';
import type { EmbeddingsState } from '../read-model/embeddings.reader.js';
import { migrationAnswer, migrationResponse } from './migrate-embeddings.request.js';

export const embeddingsResponse = z
  .object({
    model_key: z.string().meta({ description: 'Of the space that is searched.' }),
    remark: z.string().nullable().meta({
      description: 'What to do when the settings name another model than that one.',
    }),
    models: z.array(
      z.object({
        model_key: z.string(),
        provider: z.enum(['local', 'openai']),
        model: z.string(),
        status: z.enum(['active', 'filling', 'ready', 'retired', 'cancelled', 'dropped']),
        since: z.string(),
        dimensions: z.int(),
        search_threshold: z.number(),
        suggest_threshold: z.number(),
        coverage: z
          .object({
            embedded: z.int(),
            pending: z.int().meta({ description: 'Without a vector yet, failed ones among them.' }),
            failed: z.int().meta({
              description: 'Of those pending: the model failed on them, and they are tried again.',
            }),
          })
          .nullable()
          .meta({ description: 'In memories; null where there are no tables.' }),
      }),
    ),
    migration: migrationResponse.nullable().meta({
      description: 'The one under way, else the last one.',
    }),
    spend: z
      .array(
        z.object({
          day: z.string().meta({ description: 'UTC.' }),
          model_key: z.string(),
          calls: z.int(),
          texts: z.int(),
          tokens: z
            .int()
            .meta({ description: 'As the provider counts them; 0 for a local model.' }),
          usd: z.number().nullable().meta({ description: 'Null where the price is not known.' }),
        }),
      )
      .meta({ description: 'The last 90 days.' }),
  })
  .meta({ id: 'Embeddings' });
export type EmbeddingsResponse = z.output<typeof embeddingsResponse>;

/** How embeddings stand, as it is served. */
export const embeddingsAnswer = (state: EmbeddingsState): EmbeddingsResponse => ({
  model_key: state.spaces.find(({ status }) => status === 'active')?.profile.key ?? '',
  remark: state.remark,
  models: state.spaces.map(({ profile, named, status, since, coverage }) => ({
    model_key: profile.key,
    ...named,
    status,
    since,
    dimensions: profile.dimensions,
    search_threshold: profile.searchThreshold,
    suggest_threshold: profile.suggestThreshold,
    coverage: coverage && { ...coverage },
  })),
  migration: state.migration && migrationAnswer(state.migration),
  spend: state.spend.map((day) => ({ ...day })),
});
