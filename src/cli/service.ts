import type { Settings } from '#config';
import { FolderLock } from '#database';

/** A service that was started for this command alone. */
interface OwnService {
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

/** What the command line needs of the house above it. */
export interface Surroundings {
  readonly settings: () => Settings;
  /** The key of the environment, null when it has none. */
  readonly apiKey: () => string | null;
  readonly start: () => Promise<OwnService>;
  /** An error as a sentence for the terminal. */
  readonly sentenceFor: (error: unknown) => string;
}

/** Where to speak to, and how to leave. */
export interface Connection {
  readonly url: string;
  readonly leave: () => Promise<void>;
}

const PATIENCE_MS = 2_000;

/**
 * Finds the service that runs with these settings: named, told by its data folder, or at its usual
 * address; else starts one, so that a command works while nobody serves.
 */
export async function connect(
  surroundings: Surroundings,
  named: string | undefined,
): Promise<Connection> {
  const found = named ?? (await running(surroundings.settings()));
  if (found !== null) return { url: found, leave: () => Promise.resolve() };

  process.stderr.write('No service runs here; one is started for this command.\n');
  const service = await surroundings.start();

  return { url: await service.getUrl(), leave: () => service.close() };
}

async function running(settings: Settings): Promise<string | null> {
  const told = settings.databaseUrl === null ? new FolderLock(settings.dataDir).address() : null;
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : settings.host;
  const usual = settings.databaseUrl === null ? null : `http://${host}:${String(settings.port)}`;
  const address = told ?? usual;

  return address !== null && (await isLive(address)) ? address : null;
}

async function isLive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/health/live', url), {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = (await answer.json()) as { status?: unknown };
    return body.status === 'live';
  } catch {
    return false;
  }
}
