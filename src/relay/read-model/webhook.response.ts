import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification-types.js';

const types = z
  .array(z.enum(NOTIFICATION_TYPES))
  .nullable()
  .meta({ description: 'What it hears; null: everything.' });

export const webhookResponse = z.object({
  webhook_id: z.uuid(),
  url: z.string(),
  types,
  status: z.enum(['active', 'retrying']).meta({
    description: '`retrying`: the next notification has failed and is tried again.',
  }),
  checkpoint: z.int().meta({ description: 'The number of the last notification that it passed.' }),
  lag: z.int().meta({ description: 'Notifications that wait for it.' }),
  failures: z.int().meta({ description: 'Failed attempts to deliver the next one.' }),
  dead_letters: z.int(),
  last_error: z
    .string()
    .nullable()
    .meta({ description: 'Null since something arrived.', example: 'webhook.answered_500' }),
  created_at: z.iso.datetime(),
  delivered_at: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When something arrived, the last time.' }),
});
export type WebhookResponse = z.output<typeof webhookResponse>;

export const webhookLetterResponse = z.object({
  notification_id: z.uuid(),
  type: z.string(),
  subject: z.string(),
  number: z.int().meta({ description: 'Its place among all that was told.' }),
  attempts: z.int(),
  error: z.string().meta({ example: 'webhook.timed_out' }),
  parked_at: z.iso.datetime(),
});
export type WebhookLetterResponse = z.output<typeof webhookLetterResponse>;
