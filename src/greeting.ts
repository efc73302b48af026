import { WrongSetting, type Settings } from '#config';
import { DatabaseNotReady, FolderInUse } from '#database';
import { ModelUnavailable } from '#embedding';

/** What the terminal says when the service is there. */
export function greeting({ databaseUrl, dataDir }: Settings, url: string): string {
  const database =
    databaseUrl === null
      ? `  Data     ${dataDir}\n           embedded database: for production set DATABASE_URL\n`
      : '  Data     the database of DATABASE_URL\n';

  return `\n  Omoi Memory listens at ${url}\n\n  Try it   ${url}/docs\n${database}\n`;
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
