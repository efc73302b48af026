import { CannotPull } from '#embedding';
import { Command, CommanderError } from 'commander';
import type { Act, Alone } from './act.js';
import { Away, Client, Refused } from './client.js';
import { deadLetters } from './commands/dead-letters.js';
import { doctor } from './commands/doctor.js';
import { embeddings } from './commands/embeddings.js';
import { erase } from './commands/erase.js';
import { events } from './commands/events.js';
import { keys } from './commands/keys.js';
import { model } from './commands/model.js';
import { namespaces } from './commands/namespaces.js';
import { nullTest } from './commands/null-test.js';
import { projections } from './commands/projections.js';
import { rebuilds } from './commands/rebuilds.js';
import { keyFrom, UnusableKey } from './key.js';
import { Printer } from './printer.js';
import { connect, type Surroundings } from './service.js';

/** Done; refused, or not well; not understood; no service to be had. */
const EXIT = { done: 0, refused: 1, misspelled: 2, away: 3 } as const;

const HELP = `
Without a running service one is started for the length of the command, on the same data.

To rebuild a projection after its code has changed:
  $ omoi projections list                         which need it, and why
  $ omoi projections rebuild learner --diff       read the log beside it, and see what would change
  $ omoi rebuilds swap <rebuild-id>               take the new tables live
  $ omoi projections flip-back learner            take the old ones back, within 24 hours

To change the embedding model:
  $ omoi model pull owner/another                 fetch it into models/another
  $ omoi embeddings migrate models/another        make its vectors beside the old ones, and switch
  $ omoi embeddings status                        models, how many memories they have, what they cost

Where the service asks for API keys (AUTH=keys), OMOI_API_KEY or --api-key-file says one with the
scope admin; it is never an argument, which everybody on the machine could read.

Exit codes: 0 done · 1 refused, or something is not well · 2 not understood · 3 no service to be had`;

const COMMANDS = [
  projections,
  rebuilds,
  events,
  deadLetters,
  erase,
  keys,
  namespaces,
  embeddings,
  nullTest,
  doctor,
];

/** Runs one command; gives the exit code. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('omoi')
    .description('Looks after an Omoi Memory service.')
    .option('--url <address>', 'of the service; found by the settings when left out')
    .option('--namespace <name>', 'the tenant', 'default')
    .option('--api-key-file <path>', 'of a file with an API key; else OMOI_API_KEY is sent')
    .option('--json', 'answers as JSON', false)
    .addHelpText('after', HELP)
    .exitOverride();
  const alone: Alone =
    (work) =>
    async (...given) => {
      const printer = new Printer(program.opts<Options>().json);
      code = await attempt(surroundings, () => work(printer, ...given));
    };
  const act: Act = (work) =>
    alone((printer, ...given) =>
      connected(program, surroundings, (client) => work({ client, printer }, ...given)),
    );
  for (const command of COMMANDS) command(program, act);
  model(program, alone);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.misspelled;
  }

  return code;
}

interface Options {
  readonly url?: string;
  readonly namespace: string;
  readonly apiKeyFile?: string;
  readonly json: boolean;
}

async function attempt(surroundings: Surroundings, work: () => Promise<boolean>): Promise<number> {
  try {
    return (await work()) ? EXIT.done : EXIT.refused;
  } catch (error) {
    process.stderr.write(`${sentence(error, surroundings)}\n`);
    return exitOf(error);
  }
}

async function connected(
  program: Command,
  surroundings: Surroundings,
  work: (client: Client) => Promise<boolean>,
): Promise<boolean> {
  const { url, namespace, apiKeyFile } = program.opts<Options>();
  const key = keyFrom(apiKeyFile, surroundings.apiKey);
  const { url: address, leave } = await connect(surroundings, url);
  try {
    return await work(new Client(address, namespace, key));
  } finally {
    await leave();
  }
}

/** What was asked cannot be. */
const REFUSALS = [Refused, CannotPull];
/** Whose message is a sentence for people. */
const SENTENCES = [...REFUSALS, Away, UnusableKey];

function exitOf(error: unknown): number {
  if (error instanceof UnusableKey) return EXIT.misspelled;

  return REFUSALS.some((refusal) => error instanceof refusal) ? EXIT.refused : EXIT.away;
}

function sentence(error: unknown, { sentenceFor }: Surroundings): string {
  if (error instanceof Error && SENTENCES.some((kind) => error instanceof kind)) {
    return error.message;
  }

  return sentenceFor(error);
}
