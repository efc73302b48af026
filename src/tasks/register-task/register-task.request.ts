import { DESCRIPTION_MAX, jsonObject, label, text } from '#kernel';
import { phaseId } from '#phases';
import { z } from 'zod';

const FIRST_PHASE = 'PHASE_BACKLOG';

/** What a task is besides its id, as it is registered. */
export const newTaskFields = {
  type: label().meta({
    description: 'What kind of task: the beginning up to the first `_` or `/` groups kinds.',
    example: 'implement_api',
  }),
  description: text(DESCRIPTION_MAX)
    .nullable()
    .default(null)
    .meta({ example: 'Add user authentication to the public API' }),
};

export const registerTaskRequest = z.strictObject({
  id: label()
    .optional()
    .meta({ description: 'Your own id; a new one when left out.', example: 'task-200' }),
  ...newTaskFields,
  phase_id: phaseId().default(FIRST_PHASE).meta({ example: FIRST_PHASE }),
  metadata: jsonObject()
    .default({})
    .meta({ example: { repository: 'shop' } }),
});
export type RegisterTaskRequest = z.output<typeof registerTaskRequest>;

/** A task that nobody put anywhere yet. */
export const inFirstPhase = (task: {
  type: string;
  description: string | null;
}): Omit<RegisterTaskRequest, 'id'> => ({ ...task, phase_id: FIRST_PHASE, metadata: {} });
