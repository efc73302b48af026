import { z } from 'zod';
import { readRecords } from './records.js';

const side = z.enum(['success', 'failure']);
const key = z.tuple([z.string()], z.string());

const execution = z.object({
  type: z.literal('execution').default('execution'),
  execution_id: z.string(),
  task_id: z.string(),
  task_type: z.string(),
  description: z.string().nullable(),
  agent_id: z.string().nullable(),
  success: z.boolean(),
  tags: z.array(z.string()),
  signature: z.string().nullable(),
  suggestion_id: z.string().nullable(),
});
export type GoldenExecution = z.output<typeof execution>;

const decision = z.discriminatedUnion('type', [
  z.object({ type: z.literal('revoke'), after: z.int(), execution_id: z.string() }),
  z.object({
    type: z.literal('extraction'),
    after: z.int(),
    regex: z.string(),
    pattern_type: side,
  }),
  z.object({
    type: z.literal('feedback'),
    after: z.int(),
    key,
    pattern_type: side,
    actor: z.string().nullable(),
    helpful: z.boolean(),
    confidence_adjustment: z.number().nullable(),
  }),
]);
type GoldenDecision = z.output<typeof decision>;

const counted = z.int().optional();
const expectation = z.object({
  checkpoint: z.int(),
  key,
  S: z.int(),
  N: z.int(),
  V: z.int(),
  W: z.int(),
  VA: counted,
  WA: counted,
  V0: z.int(),
  W0: z.int(),
  tasks: z.int(),
  rate: z.number().nullable(),
  confidence: z.number(),
  lower: z.number(),
  lnE: z.number().nullable(),
  status: z.string(),
  direction: side.nullable(),
  cusum: z.number(),
  demotions: z.int(),
});
/** What the learner must say of one key at one checkpoint. */
export type Expected = z.output<typeof expectation>;

/** One line of the log, and how many executions stand before or at it. */
export interface GoldenStep {
  readonly executions: number;
  readonly event: GoldenExecution | GoldenDecision;
}

export interface GoldenLog {
  /** In log order; a step's place, from 1, is its position. */
  readonly steps: readonly GoldenStep[];
  readonly expected: readonly Expected[];
  readonly checkpoints: readonly number[];
}

/** The log of `folder`, its decisions put between its executions. @throws CannotRun */
export async function readGoldenLog(folder: string): Promise<GoldenLog> {
  const executions = await readRecords(folder, 'executions.jsonl', execution);
  const decisions = await readRecords(folder, 'events.jsonl', decision);
  const expected = await readRecords(folder, 'expected.jsonl', expectation);
  const decided = (after: number): GoldenStep[] =>
    decisions
      .filter((event) => event.after === after)
      .map((event) => ({ executions: after, event }));

  return {
    steps: [
      ...decided(0),
      ...executions.flatMap((event, index) => [
        { executions: index + 1, event },
        ...decided(index + 1),
      ]),
    ],
    expected,
    checkpoints: [...new Set(expected.map(({ checkpoint }) => checkpoint))].sort((a, b) => a - b),
  };
}

const WITHIN = { rate: 1e-9, confidence: 1e-9, lower: 1e-9, cusum: 1e-9, lnE: 1e-6 };

/** The fields in which what was found is not what is expected; none when all are met. */
export function differences(expected: Expected, found: Expected | undefined): string[] {
  if (!found) return ['missing'];

  return Object.keys(expected).filter((name) => {
    const [want, got] = [expected, found].map((row) => row[name as keyof Expected]);
    const tolerance = WITHIN[name as keyof typeof WITHIN] as number | undefined;
    if (tolerance === undefined) return JSON.stringify(want) !== JSON.stringify(got);

    return typeof want === 'number' && typeof got === 'number'
      ? Math.abs(want - got) > tolerance * (1 + 1e-9)
      : want !== got;
  });
}
