import { z } from 'zod';

const score = z.number().min(0).max(1);
export const patternSide = z.enum(['success', 'failure']);
export const patternType = z.enum([...patternSide.options, 'optimization']);
export const patternStatus = z.enum(['candidate', 'active', 'retired']);

const difference = z.number().min(-1).max(1);

const uplift = z
  .object({
    outcomes: z.int().meta({
      description: 'Of suggestions that served it; of types that were also done without.',
    }),
    with: score.meta({ description: 'The success rate after it.' }),
    without: score.meta({ description: 'The success rate without it, for the same types.' }),
    difference: difference.meta({ description: '`with` less `without`.' }),
    interval: z.object({ low: difference, high: difference }).meta({ description: '90 %.' }),
    flagged: z.boolean().meta({ description: 'Clearly negative after 100 outcomes: look at it.' }),
  })
  .nullable()
  .meta({
    description:
      'Whether tasks go better for those who were served it; null while there is nothing to compare. ' +
      'It is confounded: hard tasks ask more. So it is shown, and decides nothing.',
  });

const fields = z.object({
  pattern_id: z.uuid(),
  pattern_type: patternType.meta({
    description: '`optimization`: succeeds faster, or cheaper, than others of its type.',
  }),
  task_type_pattern: z
    .string()
    .meta({ description: 'A regex: which types, or which tasks, it is about.' }),
  definition: z.array(z.string()).meta({
    description: 'What its executions have in common.',
    example: ['type', 'implement_api'],
  }),
  parents: z.array(z.array(z.string())).meta({
    description: 'The definitions one step wider, whose rates its confidence begins with.',
    example: [['prefix', 'implement']],
  }),
  status: patternStatus.meta({
    description:
      '`candidate`: not proven yet. `active`: chance alone rarely makes such a difference.',
  }),
  says: z.string().meta({ description: 'The claim and its evidence in a sentence.' }),
  success_indicators: z.array(z.string()).meta({
    description: 'Phrases that are much more frequent in summaries of successes than of failures.',
  }),
  failure_indicators: z.array(z.string()),
  recommended_context: z.record(z.string(), z.unknown()).meta({
    description:
      'On the side of the claim: summaries that stand best for it, tools and tags with their rates; of an error, its signature and its fixes; of the successes of a type, its topics. Empty while too little is known.',
    example: {
      looked_at: 12,
      summaries: [
        {
          memory_id: '8d4f2a86-93f8-4f3d-9c8e-0d1c3a5b7e90',
          task_id: 'task-7',
          summary: 'Wrote the failing test first, then mended the handler.',
        },
      ],
      tools: [{ name: 'jest', executions: 9, success_rate: 0.89 }],
      tags: [],
    },
  }),
  confidence_score: score.meta({
    description: 'How probable it is that the claim holds for the next execution.',
  }),
  confidence_interval: z.object({ low: score, high: score }).meta({ description: '90 %.' }),
  evidence: z
    .object({
      successes: z.int(),
      failures: z.int(),
      distinct_tasks: z.int(),
      first_at: z
        .string()
        .nullable()
        .meta({ description: 'Of the first in the log; null for none.' }),
      last_at: z.string().nullable(),
    })
    .meta({
      description:
        'Executions that count, by how they ended. Of an optimization `successes` are those for ' +
        'which the claim held and `failures` those for which it did not.',
    }),
  usage_count: z.int().meta({ description: 'Recorded contexts that served it.' }),
  uplift,
  created_at: z.string(),
  updated_at: z.string(),
});

export const patternResponse = fields.meta({ id: 'Pattern' });
/** A pattern as it is served. */
export type PatternResponse = z.output<typeof patternResponse>;

export const evidenceResponse = fields
  .extend({
    basis: z
      .object({
        held: z.int().meta({ description: 'Executions for which the claim held.' }),
        out_of: z.int().meta({
          description: 'Executions that count; for an error, the failures it is a share of.',
        }),
        prior: score.meta({ description: 'The share one level up, when this was last looked at.' }),
        prior_weight: z.int().meta({ description: 'How many executions the prior is worth.' }),
        feedback: z.object({
          actors: z.int(),
          helpful: z.int(),
          weight: z.int().meta({ description: 'How many executions a word is worth.' }),
          adjustment: z.number().meta({ description: 'The sum of what they adjusted.' }),
        }),
      })
      .meta({
        description:
          'confidence_score = (held + prior_weight·prior + weight·helpful) / (out_of + prior_weight + weight·actors) + adjustment',
      }),
    suggestion_ids: z
      .array(z.uuid())
      .meta({ description: 'The contexts that served it, newest first, at most 1,000.' }),
    items: z.array(
      z.object({
        memory_id: z.uuid(),
        task_id: z.string(),
        success: z.boolean(),
        held: z.boolean().meta({ description: 'Whether the claim held for it.' }),
        at: z.string().meta({ description: 'When the execution ended.' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'PatternEvidence' });
export type EvidenceResponse = z.output<typeof evidenceResponse>;

export const patternChange = z.object({
  position: z.int(),
  at: z.string(),
  cause: z.string().meta({ example: 'memory.execution_stored' }),
  status: patternStatus,
  confidence_score: score,
});
export type PatternChange = z.output<typeof patternChange>;
