import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

export const LearnedPatternEntity = defineEntity({
  name: 'LearnedPattern',
  tableName: 'learned_patterns',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  indexes: [
    {
      name: 'learned_patterns_type',
      expression:
        'create index "learned_patterns_type" on "learned_patterns" ("namespace", "pattern_type", "confidence_score" desc, "id")',
    },
    {
      name: 'learned_patterns_usage',
      expression:
        'create index "learned_patterns_usage" on "learned_patterns" ("namespace", "usage_count" desc, "id")',
    },
    {
      name: 'learned_patterns_success_indicators',
      expression:
        'create index "learned_patterns_success_indicators" on "learned_patterns" using gin ("success_indicators")',
    },
    {
      name: 'learned_patterns_failure_indicators',
      expression:
        'create index "learned_patterns_failure_indicators" on "learned_patterns" using gin ("failure_indicators")',
    },
    { name: 'learned_patterns_key', properties: ['namespace', 'key_id'] },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    id: p.uuid().primary(),
    pattern_type: p.string().length(50),
    task_type_pattern: p.string().length(1000),
    success_indicators: p.json<string[]>().nullable(),
    failure_indicators: p.json<string[]>().nullable(),
    recommended_context: p.json<Record<string, unknown>>().nullable(),
    confidence_score: p.double().default(0.5),
    usage_count: p.integer().default(0),
    key_id: p.uuid(),
    status: p.string().length(20),
    lower_bound: p.double(),
    /** Whether the key leans to this side now, so that people see it. */
    is_listed: p.boolean(),
    is_retired: p.boolean().default(false),
    created_at: p.datetime(3),
    updated_at: p.datetime(3),
  },
});
