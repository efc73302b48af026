import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import type { ExecutionStored, MemoryErased, MemoryRevoked } from '#memory';
import { describedOf } from '../domain/description.js';
import { isSignature } from '../domain/key.js';
import type { PatternEvent } from '../domain/pattern.events.js';
import { learnerProjection } from '../read-model/learner.projection.js';
import { NOW } from '../read-model/pattern-rows.js';
import { Turns } from '../turns.js';
import { DescriptionsTable } from './descriptions.table.js';
import { touchedKeys, type TouchedKey } from './touched-keys.js';

/** What may change what a pattern says. */
export type DescribedEvent =
  | ExecutionStored
  | MemoryRevoked
  | MemoryErased
  | Extract<PatternEvent, { type: 'pattern.extracted' }>;

/** A page of many executions touches the same keys as one, and nobody has to wait for it. */
const GATHERS_MS = 200;

/**
 * What patterns say: a function of the executions that count for them and of the words that are left
 * of those, whenever it is worked out.
 */
async function describe(events: readonly StoredEvent<DescribedEvent>[], sql: Sql): Promise<void> {
  for (const namespace of new Set(events.map((event) => event.namespace))) {
    const own = events.filter((event) => event.namespace === namespace);
    const table = new DescriptionsTable(sql, namespace);
    const isTaken = own.some(({ type }) => type === 'memory.revoked' || type === 'memory.erased');
    if (isTaken) await table.removeUnknown();
    const turns = new Turns();
    for (const touched of await touchedKeys(sql, namespace, own)) {
      await turns.next();
      await describeKey(table, touched, isTaken);
    }
  }
}

async function describeKey(
  table: DescriptionsTable,
  { described, ...touched }: TouchedKey,
  isTaken: boolean,
): Promise<void> {
  const isSame = described === describedOf(touched.executions);
  if (isSame && !isTaken && !isSignature(touched.key)) return;
  const anew = await table.about(touched, NOW);
  if (anew) await table.save(touched.id, anew.described, anew.said);
  else if (described !== null) await table.remove(touched.id);
}

export const descriptions: Projection<DescribedEvent, Sql> = {
  name: 'pattern-descriptions',
  source: import.meta.url,
  tables: ['pattern_descriptions'],
  behind: [learnerProjection.name],
  gathers: GATHERS_MS,
  rows: (sql) => sql,

  on: {
    'memory.execution_stored': describe,
    'memory.revoked': describe,
    'memory.erased': describe,
    'pattern.extracted': describe,
  },
};
