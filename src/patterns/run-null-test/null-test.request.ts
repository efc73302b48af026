import { z } from 'zod';

const MOST_SHUFFLES = 20;
const LAST_SEED = 2_147_483_647;

export const nullTestRequest = z.strictObject({
  shuffles: z.int().min(1).max(MOST_SHUFFLES).default(3).meta({
    description:
      'How often outcomes are dealt anew, in each of the two ways. The more, the fewer executions may be looked at: 70,000 / (2 · shuffles + 1), with 3 of each 10,000.',
  }),
  seed: z
    .int()
    .min(0)
    .max(LAST_SEED)
    .default(1)
    .meta({ description: 'Of chance: the same log and seed give the same answer.' }),
});
export type NullTestRequest = z.output<typeof nullTestRequest>;

const found = {
  keys: z.number().min(0).meta({
    description:
      'What executions share, with enough first tries behind it to be looked at. Errors and extracted patterns, which need no proof, are not among them.',
    example: 120,
  }),
  ever_active: z
    .number()
    .min(0)
    .meta({ description: 'Of these were active after some execution.', example: 9 }),
  share: z
    .number()
    .min(0)
    .max(1)
    .meta({ description: 'ever_active / keys; chance makes about 0.01 at most.', example: 0.075 }),
  active: z.number().min(0).meta({ description: 'And are at the end.', example: 8 }),
};

const byChance = z
  .object({
    shuffles: z.int().min(1).meta({ example: 3 }),
    ...found,
  })
  .meta({ id: 'FoundByChance', description: 'Means of the shuffles.' });

export const nullTestResponse = z
  .object({
    position: z.int().meta({ description: 'Of the log, up to which it was read.', example: 4711 }),
    executions: z.int().meta({ description: 'That are learned from.', example: 2000 }),
    shuffles: z.int().meta({ example: 3 }),
    seed: z.int().meta({ example: 1 }),
    log: z.object(found).meta({ id: 'FoundInLog', description: 'With the outcomes as they were.' }),
    by_execution: byChance,
    by_task: byChance,
    verdict: z.string().meta({
      description: 'Whether to trust the patterns of this log, in a sentence.',
      example: '8 patterns are active; with outcomes dealt by chance it would be 0.3.',
    }),
  })
  .meta({ id: 'NullTest' });
export type NullTestResponse = z.output<typeof nullTestResponse>;
