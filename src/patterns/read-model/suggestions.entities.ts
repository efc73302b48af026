import { tenantsApart } from '#database';
import type { ContextWasSuggested } from '#memory';
import { defineEntity, p } from '@mikro-orm/postgresql';

const OF_A_TENANT = { rowLevelSecurity: 'force', policies: tenantsApart() } as const;

/** What was suggested, as it was recorded, and what was said of it (`said`: whether it went well). */
export const SuggestionEntity = defineEntity({
  name: 'Suggestion',
  tableName: 'suggestions',
  ...OF_A_TENANT,
  indexes: [{ name: 'suggestions_task', properties: ['namespace', 'task_id'] }],
  properties: {
    namespace: p.string().length(64).primary(),
    id: p.uuid().primary(),
    position: p.bigint(),
    task_id: p.string().length(200),
    task_type: p.string().length(200),
    at: p.datetime(3),
    items: p.json<ContextWasSuggested['data']['items']>(),
    patterns: p.json<ContextWasSuggested['data']['patterns']>(),
    threshold: p.double().nullable(),
    top_k: p.integer().nullable(),
    abstained: p.boolean(),
    reason: p.text().nullable(),
    model_key: p.string().length(200),
    learner_version: p.integer().nullable(),
    said: p.boolean().nullable(),
    said_position: p.bigint().nullable(),
    said_at: p.datetime(3).nullable(),
  },
});

/** Which suggestions served a pattern, as advice or as a warning. */
export const SuggestionPatternEntity = defineEntity({
  name: 'SuggestionPattern',
  tableName: 'suggestion_patterns',
  ...OF_A_TENANT,
  properties: {
    namespace: p.string().length(64).primary(),
    pattern_id: p.uuid().primary(),
    suggestion_id: p.uuid().primary(),
  },
});

/** Every execution that counts, with the suggestion that it followed; taken back at `revoked_at`. */
export const SuggestionExecutionEntity = defineEntity({
  name: 'SuggestionExecution',
  tableName: 'suggestion_executions',
  ...OF_A_TENANT,
  indexes: [
    { name: 'suggestion_executions_memory', properties: ['namespace', 'memory_id'] },
    { name: 'suggestion_executions_suggestion', properties: ['namespace', 'suggestion_id'] },
    { name: 'suggestion_executions_type', properties: ['namespace', 'task_type'] },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    position: p.bigint().primary(),
    memory_id: p.uuid(),
    suggestion_id: p.uuid().nullable(),
    task_type: p.string().length(200),
    success: p.boolean(),
    at: p.datetime(3),
    revoked_at: p.bigint().nullable(),
  },
});
