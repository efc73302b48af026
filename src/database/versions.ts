/** What a server says of itself, in the statement below. */
export interface Versions {
  readonly server: number;
  /** Null where it is missing. */
  readonly vector: string | null;
}

export const VERSIONS = `
  select current_setting('server_version_num')::int as server,
         (select extension.extversion from pg_extension as extension
           where extension.extname = 'vector') as vector`;

/** What to think of a server with these versions. */
export interface Verdict {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly advice: string | null;
}

const OLDEST_SERVER = 150_000;
const OLDEST_VECTOR = 800;
/** From here on an HNSW index survives its vacuuming (mended in 0.8.3 and 0.8.4). */
const SOUND_VECTOR = 804;

/**
 * @param server as `server_version_num`
 * @param vector as pgvector tells its own: `0.8.4`; null where it is missing
 */
export function judgeVersions(server: number, vector: string | null): Verdict {
  const [major = 0, minor = 0, patch = 0] = (vector ?? '').split('.').map(Number);
  const number = major * 10_000 + minor * 100 + patch;
  if (server < OLDEST_SERVER || number < OLDEST_VECTOR) {
    return { status: 'fail', advice: 'PostgreSQL 15 and pgvector 0.8, or later, are needed.' };
  }
  if (number < SOUND_VECTOR) {
    return {
      status: 'warn',
      advice: 'Before pgvector 0.8.4, vacuuming an HNSW index may break it: update the extension.',
    };
  }

  return { status: 'ok', advice: null };
}
