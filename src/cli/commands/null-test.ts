import { InvalidArgumentError, type Command } from 'commander';
import type { Act } from '../act.js';
import type { Columns } from '../printer.js';

interface Found {
  readonly keys: number;
  readonly ever_active: number;
  readonly share: number;
  readonly active: number;
}

interface NullTest {
  readonly position: number;
  readonly executions: number;
  readonly shuffles: number;
  readonly seed: number;
  readonly log: Found;
  readonly by_execution: Found;
  readonly by_task: Found;
  readonly verdict: string;
}

interface Row extends Found {
  readonly outcomes: string;
}

const COLUMNS: Columns<Row> = {
  outcomes: ({ outcomes }) => outcomes,
  keys: ({ keys }) => tenths(keys),
  'ever active': ({ ever_active }) => tenths(ever_active),
  '%': ({ share }) => tenths(100 * share),
  active: ({ active }) => tenths(active),
};

/** `omoi null-test` */
export function nullTest(program: Command, act: Act): void {
  program
    .command('null-test')
    .description('how many patterns chance alone would make of the log of the namespace')
    .option(
      '--shuffles <n>',
      'how often outcomes are dealt anew, in each of the two ways',
      whole,
      3,
    )
    .option('--seed <n>', 'of chance: the same again gives the same answer', whole, 1)
    .action(
      act(async ({ client, printer }, asked: { shuffles: number; seed: number }) => {
        const found = await client.post<NullTest>('/null-test', asked);
        if (printer.asJson) printer.say('', found);
        else {
          printer.table(rowsOf(found), COLUMNS);
          printer.say(found.verdict, found);
        }
        return true;
      }),
    );
}

const rowsOf = ({ log, by_execution, by_task }: NullTest): Row[] => [
  { outcomes: 'as they were', ...log },
  { outcomes: 'by chance, one by one', ...by_execution },
  { outcomes: 'by chance, by whole task', ...by_task },
];

const tenths = (value: number): number => Math.round(10 * value) / 10;

/** The service says which numbers are too large. */
function whole(said: string): number {
  const value = Number(said);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return value;
}
