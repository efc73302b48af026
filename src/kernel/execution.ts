import { z } from 'zod';
import { ruleBroken } from './domain-error.js';
import { jsonObject, moment, saying, text } from './fields.js';

/** Bounds of what is said about an execution, in Unicode code points and pieces. */
export const SUMMARY_MAX = 100_000;
export const DESCRIPTION_MAX = 20_000;
const LABEL_MAX = 200;
const LABELS_MAX = 50;

/** A short name that the caller chose: a task, an agent, a tag, a tool, a type. */
export const label = (): z.ZodString => saying(LABEL_MAX);

const labels = (what: string): z.ZodDefault<z.ZodArray<z.ZodString>> =>
  z
    .array(label())
    .max(LABELS_MAX, `must hold at most ${String(LABELS_MAX)} ${what}`)
    .transform((values) => [...new Set(values)])
    .pipe(z.array(z.string()))
    .default([]) as unknown as z.ZodDefault<z.ZodArray<z.ZodString>>;

/** What a caller may say about one run of a task, besides which task it was and how it ended. */
export const executionFields = {
  execution_summary: text(SUMMARY_MAX).meta({
    minLength: 1,
    description: 'What was done and how it went; not blank.',
    example: 'Implemented login with OAuth2 and JWT tokens',
  }),
  error_patterns: jsonObject()
    .nullable()
    .default(null)
    .meta({ description: 'What went wrong, as an object of your own.', example: null }),
  execution_id: label()
    .nullable()
    .default(null)
    .meta({ description: 'Your own id: the same one again is the same execution.' }),
  agent_id: label().nullable().default(null).meta({ example: 'coder-1' }),
  phase_id: text(50, 1).nullable().default(null).meta({ example: 'PHASE_IMPLEMENTATION' }),
  tags: labels('tags').meta({ example: ['auth'] }),
  tools: labels('tools').meta({ example: ['editor'] }),
  duration_ms: z.int().min(0).max(1e12).nullable().default(null).meta({ example: 84_000 }),
  cost_usd: z.number().min(0).max(1e9).nullable().default(null).meta({ example: 0.12 }),
  occurred_at: moment()
    .nullable()
    .default(null)
    .meta({ description: 'When it ended, to the millisecond; now when left out.', example: null }),
  suggestion_id: z.uuid().nullable().default(null).meta({
    description: 'The context that was served before this run.',
    example: null,
  }),
  auto_extract_patterns: z
    .boolean()
    .default(true)
    .meta({ description: 'false: stored and found, never evidence for a pattern.' }),
};

/** The facts of an execution as an event keeps them. */
export const executionFacts = {
  execution_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  phase_id: z.string().nullable(),
  tags: z.array(z.string()),
  tools: z.array(z.string()),
  duration_ms: z.number().nullable(),
  cost_usd: z.number().nullable(),
  occurred_at: z.string(),
  suggestion_id: z.string().nullable(),
  auto_extract_patterns: z.boolean(),
};

/** The free text of an execution, which can be forgotten. */
export const executionText = {
  execution_summary: z.string(),
  description: z.string().nullable(),
  error_patterns: z.record(z.string(), z.unknown()).nullable(),
};

const facts = z.object(executionFacts);

/** What a caller said about an execution, every field present. */
export type ExecutionFields = z.output<z.ZodObject<typeof executionFields>>;
export type ExecutionFacts = z.output<typeof facts>;

/** The name of the key under which an execution with the caller's own id takes effect once. */
export const executionKeyName = (executionId: string): string => `execution:${executionId}`;

/** @throws DomainError `memory.empty_summary` when an execution has nothing to say. */
export function mustSaySomething({ execution_summary }: ExecutionFields): void {
  if (execution_summary.trim() === '') {
    throw ruleBroken('memory.empty_summary', 'execution_summary', 'must not be blank');
  }
}

/** The facts among the fields: all but the texts; `now` when no time was given. */
export function factsOf(fields: ExecutionFields, now: string): ExecutionFacts {
  return facts.parse({ ...fields, occurred_at: fields.occurred_at ?? now });
}
