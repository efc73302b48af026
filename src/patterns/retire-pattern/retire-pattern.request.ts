import { text } from '#kernel';
import { z } from 'zod';

export const retirePatternRequest = z.strictObject({
  reason: text(2_000).nullable().default(null).meta({ example: 'The tool it is about is gone.' }),
});
export type RetirePatternRequest = z.output<typeof retirePatternRequest>;

export const retirePatternResponse = z.object({
  pattern_id: z.uuid(),
  status: z.enum(['retired', 'restored']),
});
export type RetirePatternResponse = z.output<typeof retirePatternResponse>;
