import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

/** The words of each memory as weighed terms; the columns that searches filter by stand beside them. */
export const MemoryKeywordsEntity = defineEntity({
  name: 'MemoryKeywords',
  tableName: 'memory_keywords',
  rowLevelSecurity: 'force',
  policies: [...tenantsApart(), { name: 'search', roles: ['omoi_search'], using: 'true' }],
  indexes: [
    {
      name: 'memory_keywords_terms',
      expression:
        'create index "memory_keywords_terms" on "memory_keywords" using gin ("terms") with (fastupdate = on, gin_pending_list_limit = 256)',
    },
    { name: 'memory_keywords_type', properties: ['namespace', 'task_type'] },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    memory_id: p.uuid().primary(),
    task_id: p.string().length(200),
    task_type: p.string().length(200),
    agent_id: p.string().length(200).nullable(),
    phase_id: p.string().length(50).nullable(),
    success: p.boolean(),
    tags: p.array(),
    tools: p.array(),
    occurred_at: p.datetime(3),
    terms: p.array().columnType('int[]'),
    weights: p.string().columnType('sparsevec'),
  },
});

/** In how many memories of a namespace a term stands; term 0 counts the memories themselves. */
export const KeywordFrequencyEntity = defineEntity({
  name: 'KeywordFrequency',
  tableName: 'keyword_frequencies',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  properties: {
    namespace: p.string().length(64).primary(),
    term: p.integer().primary(),
    documents: p.integer(),
  },
});
