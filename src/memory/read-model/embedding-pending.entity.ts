import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

/** Memories that still wait for their vector, in each vector space. */
export const EmbeddingPendingEntity = defineEntity({
  name: 'EmbeddingPending',
  tableName: 'embedding_pending',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  indexes: [
    {
      name: 'embedding_pending_due',
      expression:
        'create index "embedding_pending_due" on "embedding_pending" ("profile", "due_at")',
    },
  ],
  properties: {
    profile: p.string().length(60).primary(),
    namespace: p.string().length(64).primary(),
    memory_id: p.uuid().primary(),
    attempts: p.integer().default(0),
    /** The code of the last failure; null before there was one. */
    error: p.string().length(100).nullable(),
    due_at: p.datetime(3),
  },
});
