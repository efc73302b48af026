import type { Command } from 'commander';
import type { Act } from '../act.js';
import { follow, report, type Rebuild } from '../following.js';
import type { Columns } from '../printer.js';

const COLUMNS: Columns<Rebuild> = {
  id: ({ rebuild_id }) => rebuild_id,
  projection: ({ projection }) => projection,
  kind: ({ kind }) => kind,
  version: ({ version }) => version,
  status: ({ status }) => status,
  '%': ({ percent }) => percent,
  'events/s': ({ events_per_second }) => events_per_second,
  began: ({ began_at }) => began_at,
};

/** `omoi rebuilds …` */
export function rebuilds(program: Command, act: Act): void {
  const group = program.command('rebuilds').description('projections being read anew');
  group
    .command('list')
    .description('the latest hundred, newest first')
    .action(
      act(async ({ client, printer }) => {
        const { items } = await client.get<{ items: Rebuild[] }>('/rebuilds');
        printer.table(items, COLUMNS);
        return true;
      }),
    );
  const one = (name: string, description: string): Command =>
    group.command(name).argument('<rebuild-id>').description(description);
  one('show', 'how far it is, and what it changes').action(
    act(async ({ client, printer }, id: string) =>
      report(printer, await client.get<Rebuild>(`/rebuilds/${encodeURIComponent(id)}`)),
    ),
  );
  one('follow', 'show its progress until it is over or waits').action(
    act(async ({ client, printer }, id: string) => report(printer, await follow({ client }, id))),
  );
  for (const [verb, description] of [
    ['swap', 'take its tables live'],
    ['cancel', 'give it up; the living tables stay'],
  ] as const) {
    one(verb, description).action(
      act(async ({ client, printer }, id: string) =>
        report(printer, await client.post<Rebuild>(`/rebuilds/${encodeURIComponent(id)}/${verb}`)),
      ),
    );
  }
}
