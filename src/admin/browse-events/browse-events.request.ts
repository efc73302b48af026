import { label, moment } from '#kernel';
import { pageQuery, queryInteger } from '#rest';
import { z } from 'zod';

const LAST_POSITION = 999_999_999_999_999;

export const browseEventsQuery = z.strictObject({
  ...pageQuery(),
  stream: label().optional().meta({ description: 'Such as `task-task-1` or `memory-<id>`.' }),
  type: label().optional().meta({ example: 'memory.execution_stored' }),
  after: z
    .union([queryInteger(0, LAST_POSITION), moment()])
    .optional()
    .meta({
      description: 'A position, or a time to the millisecond: what comes after it.',
      type: 'string',
    }),
});
export type BrowseEventsQuery = z.output<typeof browseEventsQuery>;

export const eventResponse = z
  .object({
    position: z.int(),
    event_id: z.uuid(),
    stream: z.string(),
    version: z.int().meta({ description: 'In its stream.' }),
    type: z.string(),
    schema_version: z.int().meta({ description: 'It was written in; `data` is as of today.' }),
    data: z.record(z.string(), z.unknown()),
    text: z.record(z.string(), z.unknown()).nullable(),
    erased: z.boolean().meta({ description: 'It had a text, and that is gone.' }),
    recorded_at: z.string(),
    correlation_id: z.string(),
    causation_id: z.string().nullable(),
    actor: z.string().nullable(),
  })
  .meta({ id: 'Event' });
export type EventResponse = z.output<typeof eventResponse>;
