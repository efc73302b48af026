import type { Sql } from '#database';
import type { Projection, StoredEvent } from '#event-store';
import { describedOf } from '../domain/description.js';
import { isSignature } from '../domain/key.js';
import { Turns } from '../turns.js';
import { DescriptionSources, type Saying } from './description-sources.js';
import { DescriptionsTable } from './descriptions.table.js';
import { LEARNER } from './learner.js';
import { touchedKeys, type DescribedEvent, type TouchedKey } from './touched-keys.js';

/** A page of many executions touches the same keys as one, and nobody has to wait for it. */
const GATHERS_MS = 200;

/** So long others have the processor after each turn of describing, in ms, where they need not wait for it. */
const REST_MS = 10;

/** So many keys at once: what is read of their executions is held in memory. */
const TOGETHER = 25;

/**
 * What patterns say: a function of the executions that count for them and of the words that are left
 * of those, whenever it is worked out.
 */
async function describe(events: readonly StoredEvent<DescribedEvent>[], sql: Sql): Promise<void> {
  const turns = new Turns(sql.holdsEverybodyUp ? 0 : REST_MS);
  for (const namespace of new Set(events.map((event) => event.namespace))) {
    const own = events.filter((event) => event.namespace === namespace);
    const table = new DescriptionsTable(sql, namespace);
    const sources = new DescriptionSources(sql, namespace);
    const isTaken = own.some(({ type }) => type === 'memory.revoked' || type === 'memory.erased');
    if (isTaken) await table.removeUnknown();
    const touched = await touchedKeys(sql, namespace, own);
    const due = touched.keys.filter((key) => isTaken || isDue(key));
    for (let at = 0; at < due.length; at += TOGETHER) {
      const keys = due.slice(at, at + TOGETHER);
      await keep(table, keys, await sources.about(keys, touched.until, turns));
    }
  }
}

/** Fixes depend on other executions than those that count. */
const isDue = ({ key, executions, described }: TouchedKey): boolean =>
  isSignature(key) || described !== (describedOf(executions) || null);

async function keep(
  table: DescriptionsTable,
  keys: readonly TouchedKey[],
  sayings: ReadonlyMap<string, Saying>,
): Promise<void> {
  await table.save(sayings);
  await table.remove(
    keys.filter(({ id, described }) => described !== null && !sayings.has(id)).map(({ id }) => id),
  );
}

export const descriptions: Projection<DescribedEvent, Sql> = {
  name: 'pattern-descriptions',
  source: import.meta.url,
  tables: ['pattern_descriptions'],
  behind: [LEARNER],
  gathers: GATHERS_MS,
  rows: (sql) => sql,

  on: {
    'memory.execution_stored': describe,
    'memory.revoked': describe,
    'memory.erased': describe,
    'pattern.extracted': describe,
  },
};
