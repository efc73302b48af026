import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

export const TaskMemoryEntity = defineEntity({
  name: 'TaskMemory',
  tableName: 'task_memories',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  indexes: [
    {
      name: 'task_memories_newest',
      expression:
        'create index "task_memories_newest" on "task_memories" ("namespace", "learned_at" desc, "id")',
    },
    {
      name: 'task_memories_task',
      expression:
        'create index "task_memories_task" on "task_memories" ("namespace", "task_id", "learned_at" desc, "id")',
    },
    {
      name: 'task_memories_success',
      expression:
        'create index "task_memories_success" on "task_memories" ("namespace", "success", "learned_at" desc, "id")',
    },
    {
      name: 'task_memories_errors',
      expression:
        'create index "task_memories_errors" on "task_memories" using gin ("error_patterns")',
    },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    id: p.uuid().primary(),
    task_id: p.string().length(200),
    task_type: p.string().length(200),
    description: p.text().nullable(),
    execution_summary: p.text().nullable(),
    success: p.boolean(),
    error_patterns: p.json<Record<string, unknown>>().nullable(),
    execution_id: p.string().length(200).nullable(),
    agent_id: p.string().length(200).nullable(),
    phase_id: p.string().length(50).nullable(),
    tags: p.array(),
    tools: p.array(),
    duration_ms: p.bigint().nullable(),
    cost_usd: p.double().nullable(),
    suggestion_id: p.uuid().nullable(),
    auto_extract_patterns: p.boolean(),
    status: p.string().length(20).default('stored'),
    revoke_reason: p.text().nullable(),
    occurred_at: p.datetime(3),
    learned_at: p.datetime(3),
  },
});
