import type { Command } from 'commander';
import type { Act } from '../act.js';

interface Erased {
  readonly memories: number;
  readonly tasks: number;
  readonly texts: number;
}

/** `omoi erase …` */
export function erase(program: Command, act: Act): void {
  const group = program
    .command('erase')
    .description('make texts go, from everywhere and for good; there is no way back');
  for (const [what, field, description] of [
    ['memory <id>', 'memory_id', 'one memory'],
    ['task <id>', 'task_id', 'a task with its memories; its id may be registered anew'],
    ['person <name>', 'subject', 'all that somebody wrote, named as in X-Actor'],
  ] as const) {
    group
      .command(what)
      .description(description)
      .action(
        act(async ({ client, printer }, value: string) => {
          const erased = await client.post<Erased>('/erase', { [field]: value });
          const { memories, tasks, texts } = erased;
          printer.say(
            `Gone: ${String(memories)} memories, ${String(tasks)} tasks, ${String(texts)} other texts.`,
            erased,
          );
          return true;
        }),
      );
  }
}
