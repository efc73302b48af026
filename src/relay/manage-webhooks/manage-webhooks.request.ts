import { text } from '#kernel';
import { pageQuery } from '#rest';
import { z } from 'zod';
import { NOTIFICATION_TYPES } from '../domain/notification-types.js';
import { isSecret } from '../signature.js';

const receiver = text(2_000, 1)
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'must be an http or https URL',
    abort: true,
  })
  .refine((value) => new URL(value).username === '' && new URL(value).password === '', {
    error: 'must not contain a user or a password',
  });

export const addWebhookRequest = z.strictObject({
  url: receiver.meta({ example: 'http://localhost:9000/omoi' }),
  types: z
    .array(z.enum(NOTIFICATION_TYPES))
    .min(1)
    .max(NOTIFICATION_TYPES.length)
    .nullable()
    .default(null)
    .meta({ description: 'What it hears; everything when left out.' }),
  secret: z
    .string()
    .refine(isSecret, { error: 'must be whsec_ and 24 to 64 bytes in base64' })
    .nullable()
    .default(null)
    .meta({ description: 'With which messages are signed; made here when left out.' }),
});
export type AddWebhookRequest = z.output<typeof addWebhookRequest>;

export const addWebhookResponse = z.object({
  webhook_id: z.uuid(),
  secret: z.string().meta({ description: 'Said this once.' }),
});
export type AddWebhookResponse = z.output<typeof addWebhookResponse>;

export const pageOfWebhooksQuery = z.strictObject(pageQuery());
export type PageOfWebhooksQuery = z.output<typeof pageOfWebhooksQuery>;

export const letterResponse = z.object({
  notification_id: z.uuid(),
  status: z.enum(['delivered', 'discarded']),
});
export type LetterResponse = z.output<typeof letterResponse>;
