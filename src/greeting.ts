import { WrongSetting, type Settings } from '#config';
import { DatabaseNotReady, FolderInUse } from '#database';
import { ModelUnavailable } from '#embedding';

/** What the terminal says when the service is there. */
export function greeting(settings: Settings, url: string): string {
  const { databaseUrl, dataDir } = settings;
  const database =
    databaseUrl === null
      ? `  Data     ${dataDir}\n           embedded database: for production set DATABASE_URL\n`
      : '  Data     the database of DATABASE_URL\n';

  const open = openTo(settings);
  const access = open === null ? '' : `  Access   ${open.says}\n`;

  return `\n  Omoi Memory listens at ${url}\n\n  Try it   ${url}/docs\n${database}${access}\n`;
}

/** Who is let in without a key: a sentence, and whether it is a warning; null for nobody. */
export function openTo({ auth, host, isLocal }: Settings): { warns: boolean; says: string } | null {
  if (auth === 'keys') return null;
  if (isLocal) {
    return {
      warns: false,
      says: `AUTH=off, and it listens on ${host} only: whoever is on this machine may read and write everything.`,
    };
  }

  return {
    warns: true,
    says: `AUTH=off, and HOST=${host}: everybody who reaches this machine may read and write everything. Set AUTH=keys, or put something in front that says who may come in.`,
  };
}

/** Why it did not start, in a sentence; only what nobody foresaw comes with its stack. */
export function sentenceFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const foreseen = [WrongSetting, DatabaseNotReady, FolderInUse, ModelUnavailable];
  if (foreseen.some((kind) => error instanceof kind)) return error.message;
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `The port ${String(error.port)} is in use: stop what listens there, or set PORT to another.`;
  }
  return error.stack ?? error.message;
}
