import { saying } from '#kernel';
import { z } from 'zod';
import { patternSide } from '../read-model/pattern.response.js';

/** In Unicode code points. */
const LONGEST_REGEX = 1_000;

export const extractPatternRequest = z.strictObject({
  task_type_pattern: saying(LONGEST_REGEX).meta({
    description:
      'A regex (RE2 syntax), searched in "<task type> <description>", its white space single blanks.',
    example: '^implement_api .*login',
  }),
  pattern_type: patternSide.default('success'),
  min_samples: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .meta({ description: 'Distinct tasks that have to match and end so.' }),
  dry_run: z
    .boolean()
    .default(false)
    .meta({ description: 'true: only says what would match.', example: true }),
});
export type ExtractPatternRequest = z.output<typeof extractPatternRequest>;

export const extractPatternResponse = z.object({
  pattern_id: z.uuid(),
  confidence: z.number().min(0).max(1),
  status: z.literal('extracted'),
});

export const dryRunResponse = z.object({
  members: z
    .array(z.object({ memory_id: z.uuid(), task_id: z.string(), success: z.boolean() }))
    .meta({ description: 'The first 100 in the log.' }),
  count: z.int().meta({ description: 'Executions that match, however they ended.' }),
  distinct_tasks: z.int().meta({ description: 'Tasks among those that ended as asked.' }),
});
export type ExtractPatternResponse =
  z.output<typeof extractPatternResponse> | z.output<typeof dryRunResponse>;
