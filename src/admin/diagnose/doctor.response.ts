import { z } from 'zod';

const verdict = z.enum(['ok', 'warn', 'fail']);

const check = z.object({
  name: z.string(),
  status: verdict,
  says: z.string(),
  advice: z.string().nullable(),
});
export type Check = z.output<typeof check>;

export const diagnosis = z
  .object({
    status: verdict.meta({ description: 'The worst of all checks.' }),
    settings: z.record(z.string(), z.string()),
    checks: z.array(check),
  })
  .meta({ id: 'Diagnosis' });
export type Diagnosis = z.output<typeof diagnosis>;
