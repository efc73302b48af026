import {
  executionFields,
  executionKeyName,
  label,
  sha256,
  canonicalJson,
  type CommandKey,
} from '#kernel';
import { newTaskFields } from '#tasks';
import { z } from 'zod';

export const storeExecutionRequest = z.strictObject({
  task_id: label().meta({ example: 'task-123' }),
  success: z.boolean().meta({ example: true }),
  ...executionFields,
  task: z
    .strictObject(newTaskFields)
    .nullable()
    .default(null)
    .meta({
      description: 'Registers a task that is not known yet; passed over for one that is.',
      example: { type: 'implement_api', description: 'Add user authentication to the public API' },
    }),
});
export type StoreExecutionRequest = z.output<typeof storeExecutionRequest>;

/** The key of an execution that has the caller's own id: the same one again is the same execution. */
export function executionKey({ task, ...execution }: StoreExecutionRequest): CommandKey[] {
  if (execution.execution_id === null) return [];

  return [
    {
      name: executionKeyName(execution.execution_id),
      hash: sha256(canonicalJson(execution)),
      keptHours: null,
    },
  ];
}
