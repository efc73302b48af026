import type { Command } from 'commander';
import type { Act } from '../act.js';

interface Diagnosis {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly settings: Readonly<Record<string, string>>;
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly says: string;
    readonly advice: string | null;
  }[];
}

/** `omoi doctor` */
export function doctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('versions, settings, rights, followers: what is wrong and what to do')
    .action(
      act(async ({ client, printer }) => {
        const diagnosis = await client.get<Diagnosis>('/doctor');
        if (printer.asJson) printer.say('', diagnosis);
        else {
          const settings = Object.entries(diagnosis.settings).map(([name, value]) => ({
            name,
            value,
          }));
          printer.table(settings, { setting: ({ name }) => name, value: ({ value }) => value });
          printer.table(diagnosis.checks, {
            check: ({ name }) => name,
            is: ({ status }) => status,
            says: ({ says }) => says,
            advice: ({ advice }) => advice,
          });
        }
        return diagnosis.status !== 'fail';
      }),
    );
}
