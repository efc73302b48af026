import { isNamespace, label, moment } from '#kernel';
import { pageQuery } from '#rest';
import { z } from 'zod';
import { SCOPES } from '../domain/scopes.js';
import { apiKeyResponse } from '../read-model/api-key.response.js';

const USUAL_RATE = 600;
const MOST_A_MINUTE = 60_000;

export const createKeyRequest = z.strictObject({
  name: label().meta({ description: 'What you know it by.', example: 'agents of team a' }),
  namespace: z
    .string()
    .refine(isNamespace, { error: 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ -' })
    .nullable()
    .meta({
      description:
        'The only namespace it is good for, whatever X-Namespace says; null: a key of the service, whose requests name theirs.',
      example: 'team-a',
    }),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .default(['read', 'write'])
    .transform((said) => SCOPES.filter((scope) => said.includes(scope))),
  rate_limit_per_minute: z
    .int()
    .min(1)
    .max(MOST_A_MINUTE)
    .default(USUAL_RATE)
    .meta({ description: 'Requests, for each process of the service.' }),
  expires_at: moment().nullable().default(null).meta({ example: null }),
});
export type CreateKeyRequest = z.output<typeof createKeyRequest>;

export const secretKeyResponse = apiKeyResponse
  .extend({
    key: z.string().nullable().meta({
      description: 'Said this once: a repetition under an Idempotency-Key gets null.',
    }),
  })
  .meta({ id: 'ApiKeyWithSecret' });
export type SecretKeyResponse = z.output<typeof secretKeyResponse>;

export const pageOfKeysQuery = z.strictObject(pageQuery());
export type PageOfKeysQuery = z.output<typeof pageOfKeysQuery>;
