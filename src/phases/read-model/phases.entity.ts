import { everybodyReads } from '#database';
import { defineEntity, p } from '@mikro-orm/postgresql';

/** The phases of the service; they belong to no tenant. */
export const PhaseEntity = defineEntity({
  name: 'Phase',
  tableName: 'phases',
  rowLevelSecurity: 'force',
  policies: everybodyReads(),
  properties: {
    id: p.string().length(50).primary(),
    name: p.string().length(100),
    description: p.text().nullable(),
    sequence_order: p.integer(),
    allowed_transitions: p.json<string[]>().nullable(),
    is_terminal: p.boolean().default(false),
    configuration: p.json<Record<string, unknown>>().nullable(),
  },
});
