import { z } from 'zod';
import { patternResponse } from './pattern.response.js';

const score = z.number().min(0).max(1);

export const suggestionResponse = z
  .object({
    suggestion_id: z.uuid(),
    task_id: z.string(),
    task_type: z.string(),
    at: z.string(),
    position: z.int().meta({ description: 'Where in the log it stands.' }),
    similar_tasks: z.array(
      z.object({
        memory_id: z.uuid(),
        similarity: score.meta({ description: 'As it was served.' }),
        status: z.enum(['stored', 'revoked', 'erased']).meta({ description: 'Of the memory now.' }),
        task_id: z.string().nullable().meta({ description: 'null when it is erased.' }),
        summary: z.string().nullable(),
      }),
    ),
    similar_tasks_rule: z.string().nullable().meta({ description: 'What chose those.' }),
    threshold_used: score.nullable().meta({
      description:
        'null, like top_k and every rule, for suggestions from before that was recorded.',
    }),
    top_k: z.int().nullable(),
    patterns: z.array(
      z.object({
        pattern_id: z.uuid(),
        status: z.enum(['active', 'candidate']).meta({ description: 'As it was served.' }),
        confidence: score.meta({ description: 'As it was served.' }),
        served_as: z.enum(['advice', 'warning']).nullable(),
        rule: z.string().nullable().meta({ description: 'What chose it.' }),
        says: z
          .string()
          .nullable()
          .meta({ description: 'As of that position; null when what it said is erased.' }),
        evidence: patternResponse.shape.evidence
          .nullable()
          .meta({ description: 'As of that position.' }),
      }),
    ),
    model_key: z.string(),
    learner_version: z.int().nullable(),
    abstained: z.boolean(),
    reason: z.string().nullable().meta({ description: 'Why nothing was advised.' }),
    outcome: z
      .object({
        success: z.boolean(),
        by: z.enum(['execution', 'word']).meta({
          description: '`execution`: one that was stored with its suggestion_id; it beats a word.',
        }),
        memory_id: z.uuid().nullable().meta({ description: 'null for a word.' }),
        at: z.string(),
      })
      .nullable()
      .meta({ description: 'null while none is known.' }),
  })
  .meta({ id: 'Suggestion' });

/** A suggestion explained. */
export type SuggestionResponse = z.output<typeof suggestionResponse>;
