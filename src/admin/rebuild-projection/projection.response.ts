import { z } from 'zod';

export const projectionResponse = z
  .object({
    name: z.string(),
    kind: z.enum(['projection', 'policy']),
    version: z.int(),
    status: z.enum(['active', 'building', 'retired', 'failed']),
    checkpoint: z.int().meta({ description: 'How far in the log it has read.' }),
    lag: z.int().meta({ description: 'Positions between it and the end of the log.' }),
    rate: z.number().meta({ description: 'Positions a second, over the last minute.' }),
    code_hash: z.string().nullable().meta({ description: 'Of the code that made its rows.' }),
    rebuild_needed: z.boolean(),
    rebuild_reason: z.string().nullable(),
    dead_letters: z.int().meta({ description: 'Events that were set aside.' }),
    error: z.string().nullable().meta({ description: 'Why it stands still.' }),
    updated_at: z.string(),
  })
  .meta({ id: 'Projection' });

export const rebuildRequest = z
  .strictObject({
    swap: z.boolean().default(true).meta({
      description: 'false: stop when it is ready, and wait to be swapped.',
    }),
  })
  .prefault({});
export type RebuildRequest = z.output<typeof rebuildRequest>;

export const rebuildBegun = z.object({ rebuild_id: z.uuid() });
