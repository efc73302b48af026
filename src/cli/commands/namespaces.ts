import type { Command } from 'commander';
import type { Act } from '../act.js';

const MOST = 10_000;

interface Namespace {
  readonly namespace: string;
  readonly since: string;
  readonly tasks: number;
  readonly memories: number;
  readonly events: number;
}

/** `omoi namespaces …` */
export function namespaces(program: Command, act: Act): void {
  const group = program.command('namespaces').description('the tenants');
  group
    .command('list')
    .description('by name, and how much each holds')
    .action(
      act(async ({ client, printer }) => {
        const found = await client.list<Namespace>('/namespaces', {}, MOST);
        printer.table(found, {
          name: ({ namespace }) => namespace,
          since: ({ since }) => since,
          tasks: ({ tasks }) => tasks,
          memories: ({ memories }) => memories,
          events: ({ events }) => events,
        });
        return true;
      }),
    );
  group
    .command('drop')
    .argument('<name>')
    .description('revoke its keys, and erase everything in it for good; there is no way back')
    .option('--yes', 'that you mean it')
    .action(async (name: string, { yes }: { yes?: true }, command: Command) => {
      if (!yes) command.error(`error: everything in ${name} would be gone for good: say --yes`);
      await act(async ({ client, printer }) => {
        await client.delete(`/namespaces/${encodeURIComponent(name)}`);
        printer.say(`The namespace ${name} is dropped.`, { namespace: name, status: 'dropped' });
        return true;
      })();
    });
}
