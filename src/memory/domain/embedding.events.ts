import type { EventOf } from '#kernel';
import { z } from 'zod';

export const embeddingEvents = {
  'embedding.model_changed': {
    says: 'Memories are searched in the vector space of another model from now on.',
    version: 1,
    data: z.strictObject({
      migration_id: z.uuid(),
      /** Keys of models, as answers name them. */
      from: z.string(),
      to: z.string(),
      at: z.string(),
    }),
  },
} as const;

export type EmbeddingEvent = EventOf<typeof embeddingEvents>;
