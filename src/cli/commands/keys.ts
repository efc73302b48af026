import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Act } from '../act.js';
import type { Columns } from '../printer.js';

const MOST = 10_000;

interface Key {
  readonly key_id: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly scopes: readonly string[];
  readonly rate_limit_per_minute: number;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

interface SecretKey extends Key {
  readonly key: string;
}

interface Wanted {
  readonly for?: string;
  readonly ofService?: true;
  readonly scopes?: string[];
  readonly rate?: number;
  readonly expires?: string;
}

const COLUMNS: Columns<Key> = {
  id: ({ key_id }) => key_id,
  name: ({ name }) => name,
  for: ({ namespace }) => namespace ?? '(the service)',
  scopes: ({ scopes }) => scopes.join(' '),
  'a minute': ({ rate_limit_per_minute }) => rate_limit_per_minute,
  created: ({ created_at }) => created_at,
  'last used': ({ last_used_at }) => last_used_at,
  expires: ({ expires_at }) => expires_at,
  revoked: ({ revoked_at }) => revoked_at,
};

/** `omoi keys …` */
export function keys(program: Command, act: Act): void {
  const group = program.command('keys').description('API keys: who may come in, and what for');
  group
    .command('list')
    .description('oldest first, revoked ones too')
    .action(
      act(async ({ client, printer }) => {
        printer.table(await client.list<Key>('/api-keys', {}, MOST), COLUMNS);
        return true;
      }),
    );
  create(group, act);
  group
    .command('rotate')
    .argument('<key-id>')
    .description('give it another text; the old one is refused at once')
    .action(
      act(async ({ client, printer }, id: string) => {
        const path = `/api-keys/${encodeURIComponent(id)}/rotate`;
        const key = await client.post<SecretKey>(path);
        printer.say(saidOnce(key), key);
        return true;
      }),
    );
  group
    .command('revoke')
    .argument('<key-id>')
    .description('refuse it from now on, for good')
    .action(
      act(async ({ client, printer }, id: string) => {
        const path = `/api-keys/${encodeURIComponent(id)}/revoke`;
        printer.say('It is revoked.', await client.post<Key>(path));
        return true;
      }),
    );
}

function create(group: Command, act: Act): void {
  group
    .command('create')
    .argument('<name>', 'what you know it by')
    .description('make one; its text is said this once')
    .addOption(
      new Option('--for <namespace>', 'the only one it is good for').conflicts('ofService'),
    )
    .option('--of-service', 'it is good for every namespace, and for the service')
    .option('--scopes <list>', 'of read, write and admin, with commas; read,write', listed)
    .option('--rate <n>', 'requests a minute, for each process; 600', number)
    .option('--expires <time>', 'such as 2027-01-31T12:00:00Z; never')
    .action(async (name: string, wanted: Wanted, command: Command) => {
      if (wanted.for === undefined && wanted.ofService === undefined) {
        command.error('error: say --for <namespace>, or --of-service');
      }
      await act(async ({ client, printer }) => {
        const key = await client.post<SecretKey>('/api-keys', asked(name, wanted));
        printer.say(saidOnce(key), key);
        return true;
      })();
    });
}

const asked = (name: string, wanted: Wanted): object => ({
  name,
  namespace: wanted.for ?? null,
  scopes: wanted.scopes,
  rate_limit_per_minute: wanted.rate,
  expires_at: wanted.expires,
});

const saidOnce = ({ key_id, key }: SecretKey): string =>
  `The key ${key_id}, which is said this once:\n\n  ${key}\n`;

const listed = (said: string): string[] => said.split(',').map((scope) => scope.trim());

function number(said: string): number {
  const value = Number(said);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');

  return value;
}
