import type { Command } from 'commander';
import type { Act } from '../act.js';
import type { Client } from '../client.js';
import type { Columns, Printer } from '../printer.js';
import { leftOf, watch, type Progress } from '../progress-bar.js';

interface Migration {
  readonly migration_id: string;
  readonly from: string;
  readonly to: string;
  readonly status: 'filling' | 'ready' | 'switched' | 'cancelled';
  readonly switch: boolean;
  readonly done: number;
  readonly total: number;
  readonly percent: number;
  readonly per_second: number | null;
  readonly eta_seconds: number | null;
  readonly ended_at: string | null;
}

interface Model {
  readonly model_key: string;
  readonly status: string;
  readonly dimensions: number;
  readonly search_threshold: number;
  readonly coverage: {
    readonly embedded: number;
    readonly pending: number;
    readonly failed: number;
  } | null;
}

interface Day {
  readonly day: string;
  readonly model_key: string;
  readonly texts: number;
  readonly tokens: number;
  readonly usd: number | null;
}

interface Embeddings {
  readonly remark: string | null;
  readonly models: readonly Model[];
  readonly migration: Migration | null;
  readonly spend: readonly Day[];
}

const MODELS: Columns<Model> = {
  model: ({ model_key }) => model_key,
  status: ({ status }) => status,
  dimensions: ({ dimensions }) => dimensions,
  threshold: ({ search_threshold }) => search_threshold,
  embedded: ({ coverage }) => coverage?.embedded,
  pending: ({ coverage }) => coverage?.pending,
  failed: ({ coverage }) => coverage?.failed,
};

const SPEND: Columns<Day> = {
  day: ({ day }) => day,
  model: ({ model_key }) => model_key,
  texts: ({ texts }) => texts,
  tokens: ({ tokens }) => tokens,
  'US $': ({ usd }) => usd?.toFixed(4),
};

/** `omoi embeddings …` */
export function embeddings(program: Command, act: Act): void {
  const group = program.command('embeddings').description('the model that makes vectors of texts');
  group
    .command('status')
    .description('models, how many memories have their vectors, and what that cost')
    .action(act(async ({ client, printer }) => status(printer, await stateOf(client))));
  group
    .command('migrate')
    .argument('<model>', 'a folder with a model, or the name that the provider calls it by')
    .description('make the vectors of another model beside the old ones, and search with them')
    .option('--provider <provider>', 'local or openai; that of the settings when left out')
    .option('--no-switch', 'stop when they are complete, and wait for `switch`')
    .action(
      act(async ({ client, printer }, model: string, asked: Asked) => {
        const body = { model, ...asked };
        const { migration_id } = await client.post<Migration>('/embeddings/migrate', body);
        return report(printer, await follow(client, migration_id));
      }),
    );
  for (const [verb, description] of VERBS) {
    group
      .command(verb)
      .argument('[migration-id]', 'the one under way, or the last one, when left out')
      .description(description)
      .action(
        act(async ({ client, printer }, given: string | undefined) => {
          const id = given ?? (await stateOf(client)).migration?.migration_id;
          if (id === undefined) return none(printer);
          const path = `/embeddings/migrations/${encodeURIComponent(id)}/${verb}`;
          return report(printer, await client.post<Migration>(path)) || verb === 'cancel';
        }),
      );
  }
}

interface Asked {
  readonly provider?: string;
  readonly switch: boolean;
}

const VERBS = [
  ['switch', 'search with the new vectors as soon as they are complete'],
  ['cancel', 'give the change up; the vectors that are searched stay'],
  ['drop', 'drop the vectors of the model that was left, before their 24 hours are over'],
] as const;

const stateOf = (client: Client): Promise<Embeddings> => client.get('/embeddings');

const follow = (client: Client, id: string): Promise<Migration> =>
  watch(() => client.get<Migration>(`/embeddings/migrations/${id}`), progressOf, 'memories');

const progressOf = (migration: Migration): Progress => ({
  what: migration.to,
  done: migration.done,
  total: migration.total,
  speed: migration.per_second,
  left: leftOf(migration.status === 'filling', migration.eta_seconds, migration.status),
  isOver: migration.ended_at !== null || (migration.status === 'ready' && !migration.switch),
});

function status(printer: Printer, state: Embeddings): boolean {
  if (printer.asJson) printer.say('', state);
  else {
    printer.table(state.models, MODELS);
    if (state.spend.length > 0) printer.table(state.spend, SPEND);
    if (state.migration) printer.say(outcome(state.migration), state);
    if (state.remark !== null) printer.say(state.remark, state);
  }

  return state.remark === null;
}

/** Says how it stands; gives whether it was not given up. */
function report(printer: Printer, migration: Migration): boolean {
  printer.say(outcome(migration), migration);

  return migration.status !== 'cancelled';
}

function none(printer: Printer): boolean {
  printer.say('There is no change of the model: omoi embeddings migrate <model>', null);

  return false;
}

function outcome({ status: now, from, to, percent, migration_id: id }: Migration): string {
  switch (now) {
    case 'switched':
      return `Memories are searched in the space of ${to}; that of ${from} was left.`;
    case 'ready':
      return `The vectors of ${to} are complete: omoi embeddings switch ${id}`;
    case 'cancelled':
      return `The change to ${to} was given up.`;
    default:
      return `The vectors of ${to} are being made: ${String(percent)} %.`;
  }
}
