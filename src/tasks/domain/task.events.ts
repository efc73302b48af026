import { executionFacts, executionText, type EventOf } from '#kernel';
import { z } from 'zod';

export const taskEvents = {
  'task.registered': {
    says: 'A task was made known, in a phase.',
    version: 1,
    data: z.strictObject({
      task_id: z.string(),
      type: z.string(),
      phase_id: z.string(),
      at: z.string(),
    }),
    text: z.strictObject({
      description: z.string().nullable(),
      metadata: z.record(z.string(), z.unknown()),
    }),
  },
  'task.moved': {
    says: 'A task went from one phase to another.',
    version: 1,
    data: z.strictObject({
      task_id: z.string(),
      from: z.string(),
      to: z.string(),
      at: z.string(),
    }),
  },
  'task.finished': {
    says: 'A task ended, well or not, and this is what its execution was.',
    version: 1,
    data: z.strictObject({
      task_id: z.string(),
      task_type: z.string(),
      outcome: z.enum(['completed', 'failed']),
      ...executionFacts,
      at: z.string(),
    }),
    text: z.strictObject(executionText),
  },
  'task.deleted': {
    says: 'A task and its texts are gone, and its memories with it; its id may be registered anew.',
    version: 1,
    data: z.strictObject({ task_id: z.string(), at: z.string() }),
    erases: true,
  },
} as const;

export type TaskEvent = EventOf<typeof taskEvents>;
export type TaskFinished = Extract<TaskEvent, { type: 'task.finished' }>;
export type TaskDeleted = Extract<TaskEvent, { type: 'task.deleted' }>;
