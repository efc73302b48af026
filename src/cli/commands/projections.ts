import type { Command } from 'commander';
import type { Act } from '../act.js';
import { follow, report } from '../following.js';
import type { Columns } from '../printer.js';

interface Projection {
  readonly name: string;
  readonly kind: string;
  readonly version: number;
  readonly status: string;
  readonly checkpoint: number;
  readonly lag: number;
  readonly rate: number;
  readonly rebuild_needed: boolean;
  readonly rebuild_reason: string | null;
  readonly dead_letters: number;
  readonly error: string | null;
}

const COLUMNS: Columns<Projection> = {
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  version: ({ version }) => version,
  status: ({ status }) => status,
  checkpoint: ({ checkpoint }) => checkpoint,
  lag: ({ lag }) => lag,
  'events/s': ({ rate }) => Math.round(rate),
  'set aside': ({ dead_letters }) => dead_letters,
  remark: ({ error, rebuild_reason }) => error ?? rebuild_reason,
};

/** `omoi projections …` */
export function projections(program: Command, act: Act): void {
  const group = program.command('projections').description('who follows the log');
  group
    .command('list')
    .description('how far each is, and what is wrong with it')
    .action(
      act(async ({ client, printer }) => {
        const { items } = await client.get<{ items: Projection[] }>('/projections');
        printer.table(items, COLUMNS);
        return items.every(({ error }) => error === null);
      }),
    );
  group
    .command('rebuild')
    .argument('<name>', 'of the projection')
    .description('read the log anew into tables beside the living ones, and take them live')
    .option('--diff', 'stop when they are ready and show what they would change', false)
    .action(
      act(async ({ client, printer }, name: string, { diff }: { diff: boolean }) => {
        const path = `/projections/${encodeURIComponent(name)}/rebuild`;
        const { rebuild_id } = await client.post<{ rebuild_id: string }>(path, { swap: !diff });
        return report(printer, await follow({ client }, rebuild_id));
      }),
    );
  group
    .command('flip-back')
    .argument('<name>', 'of the projection')
    .description('take the version back that lived before; it is kept for 24 hours')
    .action(
      act(async ({ client, printer }, name: string) => {
        const path = `/projections/${encodeURIComponent(name)}/flip-back`;
        const { rebuild_id } = await client.post<{ rebuild_id: string }>(path);
        return report(printer, await follow({ client }, rebuild_id));
      }),
    );
}
