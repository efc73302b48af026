import { tenantsApart } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

export const TaskEntity = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  rowLevelSecurity: 'force',
  policies: tenantsApart(),
  indexes: [
    {
      name: 'tasks_newest',
      expression: 'create index "tasks_newest" on "tasks" ("namespace", "created_at" desc, "id")',
    },
  ],
  properties: {
    namespace: p.string().length(64).primary(),
    id: p.string().length(200).primary(),
    type: p.string().length(200),
    description: p.text().nullable(),
    phase_id: p.string().length(50),
    status: p.string().length(20),
    metadata: p.json<Record<string, unknown>>(),
    created_at: p.datetime(3),
    finished_at: p.datetime(3).nullable(),
  },
});
