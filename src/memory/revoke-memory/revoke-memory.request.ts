import { saying } from '#kernel';
import { z } from 'zod';

export const revokeMemoryRequest = z.strictObject({
  reason: saying(2_000).meta({ example: 'The outcome was reported wrongly.' }),
});

export const revokeMemoryResponse = z.object({
  memory_id: z.string(),
  status: z.literal('revoked'),
});
export type RevokeMemoryResponse = z.output<typeof revokeMemoryResponse>;
