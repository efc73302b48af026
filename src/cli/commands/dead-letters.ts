import type { Command } from 'commander';
import type { Act } from '../act.js';

const MOST = 10_000;

interface DeadLetter {
  readonly id: string;
  readonly projection: string;
  readonly version: number;
  readonly position: number;
  readonly type: string;
  readonly attempts: number;
  readonly error: string;
}

/** `omoi dead-letters …` */
export function deadLetters(program: Command, act: Act): void {
  const group = program.command('dead-letters').description('events that were set aside');
  group
    .command('list')
    .description('in log order')
    .action(
      act(async ({ client, printer }) => {
        const found = await client.list<DeadLetter>('/dead-letters', {}, MOST);
        printer.table(found, {
          id: ({ id }) => id,
          for: ({ projection, version }) => `${projection} ${String(version)}`,
          position: ({ position }) => position,
          type: ({ type }) => type,
          attempts: ({ attempts }) => attempts,
          error: ({ error }) => error,
        });
        return true;
      }),
    );
  for (const [verb, description, done] of [
    ['retry', 'apply it now, out of its turn', 'It was applied.'],
    ['discard', 'go without it for good', 'It was discarded.'],
  ] as const) {
    group
      .command(verb)
      .argument('<id>', 'of the dead letter')
      .description(description)
      .action(
        act(async ({ client, printer }, id: string) => {
          printer.say(done, await client.post(`/dead-letters/${encodeURIComponent(id)}/${verb}`));
          return true;
        }),
      );
  }
}
