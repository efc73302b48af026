import { z } from 'zod';

const servedPattern = z.object({
  pattern_id: z.uuid(),
  pattern_type: z.enum(['success', 'failure', 'optimization']),
  status: z.enum(['active', 'candidate']).meta({ description: '`candidate`: not proven yet.' }),
  confidence: z.number().min(0).max(1),
  says: z.string().meta({ description: 'The claim and its evidence in a sentence.' }),
  success_indicators: z.array(z.string()),
  failure_indicators: z.array(z.string()),
  recommended_context: z.record(z.string(), z.unknown()),
});

export const suggestContextResponse = z.object({
  suggestion_id: z.uuid().nullable().meta({ description: 'null when nothing was recorded.' }),
  similar_tasks: z.array(
    z.object({
      task_id: z.string(),
      memory_id: z.uuid(),
      summary: z.string(),
      similarity: z.number().min(0).max(1),
    }),
  ),
  matching_patterns: z
    .array(servedPattern)
    .meta({ description: 'At most three; active ones first.' }),
  warnings: z
    .array(
      z.object({
        text: z.string(),
        pattern_id: z.uuid(),
        confidence: z.number().min(0).max(1).meta({ description: 'The share of failures.' }),
        fixes: z
          .array(
            z.object({
              memory_id: z.uuid(),
              task_id: z.string(),
              summary: z.string(),
              tools: z.array(z.string()),
            }),
          )
          .meta({ description: 'What the next success of tasks did that had failed like this.' }),
      }),
    )
    .meta({ description: 'At most three: what went wrong before in tasks of this type.' }),
  recommendations: z.array(z.string()).meta({ description: 'At most three sentences.' }),
  abstained: z.boolean().meta({ description: 'true: nothing here is good enough to be advice.' }),
  reason: z.string().nullable().meta({ description: 'Why nothing is advised.' }),
});
export type SuggestContextResponse = z.output<typeof suggestContextResponse>;
