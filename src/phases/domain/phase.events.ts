import type { EventOf } from '#kernel';
import { z } from 'zod';

export const phaseEvents = {
  'phase.defined': {
    says: 'A phase was defined, or defined anew: the whole phase.',
    version: 1,
    data: z.strictObject({
      id: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      sequence_order: z.number(),
      allowed_transitions: z.array(z.string()),
      is_terminal: z.boolean(),
      configuration: z.record(z.string(), z.unknown()),
    }),
  },
} as const;

export type PhaseEvent = EventOf<typeof phaseEvents>;
/** A phase as it is stored and served. */
export type Phase = PhaseEvent['data'];
