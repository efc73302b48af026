import { jsonObject, saying, text } from '#kernel';
import { z } from 'zod';

/** The name of a phase, wherever one is named. */
export const phaseId = (): z.ZodString =>
  text(50, 1)
    .regex(/^[A-Za-z0-9_.-]+$/, 'may hold letters, digits, "_", "." and "-"')
    .meta({ example: 'PHASE_IMPLEMENTATION' });

/** In bytes of JSON: a phase is one event, and those are small. */
const CONFIGURATION_MAX = 100_000;

const phase = {
  name: saying(100).meta({ example: 'Review' }),
  description: text(2_000).nullable().default(null).meta({ example: 'Look at it together' }),
  sequence_order: z.int().min(0).max(10_000).meta({ example: 8 }),
  allowed_transitions: z
    .array(phaseId())
    .max(100)
    .default([])
    .meta({ example: ['PHASE_DONE'] }),
  is_terminal: z.boolean().default(false),
  configuration: jsonObject(CONFIGURATION_MAX).default({}).meta({ example: {} }),
};

/** A whole phase; its id stands in the path, and may stand here too. */
export const definePhaseRequest = z.strictObject({
  id: phaseId().optional().meta({ example: 'PHASE_REVIEW' }),
  ...phase,
});
export type DefinePhaseRequest = z.output<typeof definePhaseRequest>;

export const phaseResponse = z
  .object({
    id: phaseId(),
    name: z.string(),
    description: z.string().nullable(),
    sequence_order: z.int(),
    allowed_transitions: z.array(z.string()),
    is_terminal: z.boolean(),
    configuration: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Phase' });
