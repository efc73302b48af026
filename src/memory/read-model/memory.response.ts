import { z } from 'zod';

export const memoryResponse = z
  .object({
    memory_id: z.uuid(),
    task_id: z.string(),
    task_type: z.string(),
    description: z.string().nullable(),
    execution_summary: z.string().nullable(),
    success: z.boolean(),
    error_patterns: z.record(z.string(), z.unknown()).nullable(),
    execution_id: z.string().nullable(),
    agent_id: z.string().nullable(),
    phase_id: z.string().nullable(),
    tags: z.array(z.string()),
    tools: z.array(z.string()),
    duration_ms: z.number().nullable(),
    cost_usd: z.number().nullable(),
    suggestion_id: z.string().nullable(),
    auto_extract_patterns: z.boolean(),
    occurred_at: z.string(),
    learned_at: z.string(),
    status: z.enum(['stored', 'revoked']),
    revoke_reason: z.string().nullable(),
    reused_count: z.int(),
    has_embedding: z.boolean(),
    embedding_dimensions: z
      .int()
      .meta({ description: 'The length callers get when they ask for a padded vector.' }),
    embedding: z.object({
      model_key: z.string(),
      dimensions: z.int().meta({ description: 'The length that is stored.' }),
      status: z.enum(['ready', 'pending', 'failed', 'none']),
      truncated: z.boolean().nullable(),
    }),
  })
  .meta({ id: 'Memory' });

/** A memory as it is served; never with its vector. */
export type MemoryResponse = z.output<typeof memoryResponse>;
