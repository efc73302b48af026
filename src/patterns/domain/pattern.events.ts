import type { EventOf } from '#kernel';
import { z } from 'zod';

const decided = { pattern_id: z.string(), at: z.string() };

/** What people decide about patterns. What the learner concludes can be read out of the log again. */
export const patternEvents = {
  'pattern.extracted': {
    says: 'Somebody asked to watch for the tasks that a regex finds.',
    version: 1,
    data: z.strictObject({
      ...decided,
      pattern_type: z.enum(['success', 'failure']),
      task_type_pattern: z.string(),
      min_samples: z.int(),
    }),
  },
  'pattern.feedback_given': {
    says: 'Somebody said whether a pattern helped.',
    version: 1,
    data: z.strictObject({
      ...decided,
      helpful: z.boolean(),
      confidence_adjustment: z.number().nullable(),
    }),
    text: z.strictObject({ comment: z.string().nullable() }),
  },
  'pattern.retired': {
    says: 'Somebody took a pattern out of service.',
    version: 1,
    data: z.strictObject(decided),
    text: z.strictObject({ reason: z.string().nullable() }),
  },
  'pattern.restored': {
    says: 'Somebody put a retired pattern back.',
    version: 1,
    data: z.strictObject(decided),
    text: z.strictObject({ reason: z.string().nullable() }),
  },
} as const;

export type PatternEvent = EventOf<typeof patternEvents>;
