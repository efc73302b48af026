import { z } from 'zod';
import { SCOPES } from '../domain/scopes.js';

export const apiKeyResponse = z
  .object({
    key_id: z.uuid(),
    name: z.string(),
    namespace: z
      .string()
      .nullable()
      .meta({ description: 'The only one it is good for; null: a key of the service.' }),
    scopes: z.array(z.enum(SCOPES)),
    rate_limit_per_minute: z.int(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable().meta({ description: 'To the minute.' }),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyResponse = z.output<typeof apiKeyResponse>;

/** Its columns, of `es.api_key as key`. */
export const API_KEY = `key.id as key_id, key.name, key.namespace, key.scopes,
  key.rate_limit_per_minute, es.iso(key.created_at) as created_at,
  es.iso(key.expires_at) as expires_at, es.iso(key.last_used_at) as last_used_at,
  es.iso(key.revoked_at) as revoked_at`;
