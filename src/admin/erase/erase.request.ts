import { label, text } from '#kernel';
import { z } from 'zod';

const WHAT = ['memory_id', 'task_id', 'subject'] as const;

export const eraseRequest = z
  .strictObject({
    memory_id: label().toLowerCase().optional(),
    task_id: label().optional().meta({ description: 'With all its memories.' }),
    subject: text(200, 1).optional().meta({
      description: 'A person, as X-Actor named them: all that they wrote in this namespace.',
      example: 'nobody',
    }),
  })
  .refine((said) => WHAT.filter((name) => said[name] !== undefined).length === 1, {
    path: ['subject'],
    error: `say exactly one of ${WHAT.join(', ')}`,
  });
export type EraseRequest = z.output<typeof eraseRequest>;

export const eraseResponse = z.object({
  memories: z.int(),
  tasks: z.int(),
  texts: z.int().meta({ description: 'Reasons and comments, besides those.' }),
});
export type EraseResponse = z.output<typeof eraseResponse>;
