import { executionFacts, executionText, type EventOf } from '#kernel';
import { z } from 'zod';
import { withPatterns, withRules } from './memory.upcasters.js';

export const memoryEvents = {
  'memory.execution_stored': {
    says: 'One run of a task was remembered, with its outcome.',
    version: 1,
    data: z.strictObject({
      memory_id: z.string(),
      task_id: z.string(),
      task_type: z.string(),
      success: z.boolean(),
      ...executionFacts,
      at: z.string(),
    }),
    text: z.strictObject(executionText),
  },
  'memory.revoked': {
    says: 'A memory was taken back: readable by its id, in no list, search or evidence.',
    version: 1,
    data: z.strictObject({ memory_id: z.string(), at: z.string() }),
    text: z.strictObject({ reason: z.string() }),
  },
  'memory.erased': {
    says: 'A memory and its texts are gone; it is evidence no more.',
    version: 1,
    data: z.strictObject({ memory_id: z.string(), task_id: z.string(), at: z.string() }),
    erases: true,
  },
  'subject.erased': {
    says: 'What one person had written beside memories and tasks is gone.',
    version: 1,
    data: z.strictObject({
      /** The memories whose reason for being revoked went with it. */
      revoked: z.array(z.string()),
      at: z.string(),
    }),
    erases: true,
  },
  'memory.reused': {
    says: 'Memories were returned by searches and contexts: how often each, within about a second.',
    version: 1,
    data: z.strictObject({ memories: z.record(z.string(), z.number()), at: z.string() }),
  },
  'context.suggested': {
    says: 'Somebody asked for advice before a task and was served this, or nothing and why.',
    version: 3,
    data: z.strictObject({
      suggestion_id: z.string(),
      task_id: z.string(),
      task_type: z.string(),
      items: z.array(z.strictObject({ memory_id: z.string(), similarity: z.number() })),
      patterns: z.array(
        z.strictObject({
          pattern_id: z.string(),
          status: z.string(),
          confidence: z.number(),
          /** Null, like what says why, for contexts from before that was told. */
          served_as: z.enum(['advice', 'warning']).nullable(),
          rule: z.string().nullable(),
        }),
      ),
      /** The similarity that was needed, and how many tasks were asked for at most. */
      threshold: z.number().nullable(),
      top_k: z.int().nullable(),
      /** Null for contexts from before there was a learner. */
      learner_version: z.int().nullable(),
      abstained: z.boolean(),
      /** Why nothing was advised. */
      reason: z.string().nullable(),
      model_key: z.string(),
      at: z.string(),
    }),
    upcasters: [withPatterns, withRules],
  },
  'suggestion.outcome_recorded': {
    says: 'Somebody said how it went for a task after a suggestion.',
    version: 1,
    data: z.strictObject({ suggestion_id: z.string(), success: z.boolean(), at: z.string() }),
    text: z.strictObject({ comment: z.string().nullable() }),
  },
  'suggestion.comments_erased': {
    says: 'What people had said of suggestions is gone, with the task that those were for.',
    version: 1,
    data: z.strictObject({ suggestions: z.array(z.string()), at: z.string() }),
    erases: true,
  },
} as const;

export type MemoryEvent = EventOf<typeof memoryEvents>;
export type ExecutionStored = Extract<MemoryEvent, { type: 'memory.execution_stored' }>;
export type MemoryRevoked = Extract<MemoryEvent, { type: 'memory.revoked' }>;
export type MemoryErased = Extract<MemoryEvent, { type: 'memory.erased' }>;
export type SubjectErased = Extract<MemoryEvent, { type: 'subject.erased' }>;
export type ContextWasSuggested = Extract<MemoryEvent, { type: 'context.suggested' }>;
export type OutcomeRecorded = Extract<MemoryEvent, { type: 'suggestion.outcome_recorded' }>;
