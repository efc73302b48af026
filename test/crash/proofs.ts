import type { ServiceProcess } from '../support/process.js';
import { ask, until } from './api.js';
import type { Found } from './scenario.js';

type Service = Pick<ServiceProcess, 'url'>;

interface Projection {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly lag: number;
  readonly error: string | null;
}

interface Rebuild {
  readonly status: string;
  readonly error: string | null;
  readonly diff: { readonly added: number; readonly removed: number; readonly changed: number };
}

export async function projections(service: Service): Promise<Projection[]> {
  const answer = await ask(service, '/admin/projections');

  return (answer?.body.items ?? []) as Projection[];
}

/** Waits until everybody has read the whole log. */
export async function settled(service: Service): Promise<void> {
  await until('everybody has read the log', async () => {
    const all = await projections(service);
    return all.length > 0 && all.every(({ lag, status }) => lag === 0 || status !== 'active');
  });
}

/** What has to be so afterwards, whatever was killed when. */
export async function intact(
  service: Service,
  acknowledged: ReadonlyMap<string, string>,
): Promise<Found[]> {
  await settled(service);
  const unlike = await differing(service);

  return [
    {
      what: 'acknowledged executions lost',
      count: acknowledged.size,
      wrong: await lost(service, acknowledged),
    },
    {
      what: `rows unlike a fresh fold${[...unlike.keys()].map((name) => ` (${name})`).join('')}`,
      count: 0,
      wrong: [...unlike.values()].reduce((sum, rows) => sum + rows, 0),
    },
  ];
}

/** Acknowledged executions that are not there, or are there under another id. */
async function lost(service: Service, acknowledged: ReadonlyMap<string, string>): Promise<number> {
  const stored = new Map<unknown, unknown>();
  for (let cursor = ''; ;) {
    const answer = await ask(service, `/memory/executions?limit=100${cursor}`);
    const items = (answer?.body.items ?? []) as Record<string, unknown>[];
    for (const { execution_id, memory_id } of items) stored.set(execution_id, memory_id);
    if (typeof answer?.body.next_cursor !== 'string') break;
    cursor = `&cursor=${answer.body.next_cursor}`;
  }

  return [...acknowledged].filter(([execution, memory]) => stored.get(execution) !== memory).length;
}

/** By projection: how many of its rows a fresh fold of the log makes otherwise, where any are. */
async function differing(service: Service): Promise<Map<string, number>> {
  const unlike = new Map<string, number>();
  for (const { name, kind, status } of await projections(service)) {
    if (kind !== 'projection' || status !== 'active') continue;
    const { diff, error } = await rebuilt(service, name, false);
    if (error !== null) throw new Error(`The rebuild of ${name} failed: ${error}`);
    const rows = diff.added + diff.removed + diff.changed;
    if (rows > 0) unlike.set(name, rows);
  }

  return unlike;
}

/** Reads a projection anew, to where it is ready or live. */
async function rebuilt(service: Service, name: string, swap: boolean): Promise<Rebuild> {
  const begun = await ask(service, `/admin/projections/${name}/rebuild`, { swap });
  const id = String(begun?.body.rebuild_id);
  let found: Rebuild | undefined;
  await until(`${name} is rebuilt`, async () => {
    found = (await ask(service, `/admin/rebuilds/${id}`))?.body as Rebuild | undefined;
    return ['ready', 'swapped', 'failed'].includes(found?.status ?? '');
  });
  if (!found) throw new Error(`Nothing is known of the rebuild of ${name}.`);
  if (found.status === 'ready') await ask(service, `/admin/rebuilds/${id}/cancel`, {});

  return found;
}
