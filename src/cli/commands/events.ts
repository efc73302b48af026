import { InvalidArgumentError, type Command } from 'commander';
import type { Act } from '../act.js';

const MOST = 10_000;

interface Event {
  readonly position: number;
  readonly recorded_at: string;
  readonly type: string;
  readonly stream: string;
  readonly actor: string | null;
  readonly erased: boolean;
}

interface Asked {
  readonly stream?: string;
  readonly type?: string;
  readonly after?: string;
  readonly ofService?: true;
  readonly limit: number;
}

/** `omoi events …` */
export function events(program: Command, act: Act): void {
  program
    .command('events')
    .description('what stands in the log of the namespace')
    .command('list')
    .description('oldest first; with --json whole, with data and text')
    .option('--stream <name>', 'such as task-task-1')
    .option('--type <type>', 'such as memory.execution_stored')
    .option('--after <place>', 'a position, or a time such as 2026-01-31T12:00:00Z')
    .option('--of-service', 'of the service instead: phases, changes of the model')
    .option('--limit <n>', `how many at most, up to ${String(MOST)}`, number, 20)
    .action(
      act(async ({ client, printer }, { limit, ofService, ...narrowed }: Asked) => {
        const path = ofService ? '/service-events' : '/events';
        const found = await client.list<Event>(path, { ...narrowed }, limit);
        printer.table(found, {
          position: ({ position }) => position,
          recorded: ({ recorded_at }) => recorded_at,
          type: ({ type: name }) => name,
          stream: ({ stream: name }) => name,
          actor: ({ actor }) => actor,
          text: ({ erased }) => (erased ? 'erased' : ''),
        });
        return true;
      }),
    );
}

function number(said: string): number {
  const value = Number(said);
  if (!Number.isInteger(value) || value < 1 || value > MOST) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${String(MOST)}.`);
  }
  return value;
}
