import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

/** Counters apart from texts and vectors: updating them beside those costs eight times the CPU. */
export const MemoryUsageEntity = defineEntity({
  name: 'MemoryUsage',
  tableName: 'memory_usage',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  properties: {
    namespace: p.string().length(64).primary(),
    memory_id: p.uuid().primary(),
    reused_count: p.integer().default(0),
  },
});
