import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

const NOT_YET = ['NATS_URL', 'DATABASE_REPLICA_URLS'] as const;

const whole = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${String(min)} to ${String(max)}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, {
      error: `must be a whole number from ${String(min)} to ${String(max)}`,
    });

const address = (...protocols: string[]): z.ZodType<string, string> =>
  z.string().refine((value) => protocols.includes(protocolOf(value)), {
    error: `must be an address that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`,
  });

/** What can stand after `Bearer` in a header, and is too long to be guessed. */
const BEARER = /^[\x21-\x7e]{32,500}$/;

const schema = z
  .object({
    PORT: whole(0, 65_535).prefault('18000'),
    HOST: z.string().default('127.0.0.1'),
    DATABASE_URL: z
      .string()
      .transform((url) => url.replace(/^postgres(ql)?\+\w+:/, 'postgresql:'))
      .pipe(address('postgresql', 'postgres'))
      .optional(),
    DATABASE_POOL: whole(2, 200).prefault('10'),
    DATA_DIR: z.string().default('data'),
    EMBEDDING_PROVIDER: z.enum(['local', 'openai']).default('local'),
    EMBEDDING_MODEL: z.string().optional(),
    EMBEDDING_WORKERS: whole(1, 64).optional(),
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: address('https', 'http').optional(),
    REDIS_URL: address('redis', 'rediss').optional(),
    RECALL_SAMPLE: whole(0, 1_000_000).prefault('0'),
    AUTH: z.enum(['off', 'keys']).default('off'),
    ADMIN_API_KEY: z
      .string()
      .regex(BEARER, 'must be 32 to 500 printable ASCII characters without spaces')
      .optional(),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
    ...Object.fromEntries(
      NOT_YET.map((name) => [
        name,
        z.undefined({ error: 'is not available yet; leave it out' }).optional(),
      ]),
    ),
  })
  .refine((env) => env.EMBEDDING_PROVIDER === 'local' || env.OPENAI_API_KEY !== undefined, {
    path: ['OPENAI_API_KEY'],
    error: 'is needed when EMBEDDING_PROVIDER is "openai"',
  });

const protocolOf = (value: string): string =>
  URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

const DEFAULT_MODEL = { local: 'models/all-MiniLM-L6-v2', openai: 'text-embedding-3-small' };

/** A setting that cannot be used; the message is a sentence that names it. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}

export interface EmbeddingSettings {
  readonly provider: 'local' | 'openai';
  /** A folder with a model (local), or the provider's name of one (openai). */
  readonly model: string;
  readonly workers: number;
  readonly openAiApiKey: string | null;
  readonly openAiBaseUrl: string | null;
  /** Where processes share vectors; `null`: each remembers its own. */
  readonly redisUrl: string | null;
}

/** Everything the outside may tell us, read once, at the door. */
export class Settings {
  readonly port: number;
  readonly host: string;
  /** Whether nobody else than this machine can reach it. */
  readonly isLocal: boolean;
  /** `null`: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly databasePool: number;
  readonly dataDir: string;
  readonly embedding: EmbeddingSettings;
  /** Of so many searches through an index one is asked again, exactly; 0: none. */
  readonly recallSample: number;
  readonly auth: 'off' | 'keys';
  /** A key of the service with every scope, besides those in the database. A secret. */
  readonly adminApiKey: string | null;
  readonly logLevel: string;

  /** @throws WrongSetting naming every value that cannot be used. */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    const said = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
    const { data, error } = schema.safeParse(Object.fromEntries(said));
    if (!data) throw new WrongSetting(error.issues.map(sentence).join('\n'));

    this.port = data.PORT;
    this.host = data.HOST;
    this.isLocal = LOOPBACK.test(data.HOST);
    this.databaseUrl = data.DATABASE_URL ?? null;
    this.databasePool = data.DATABASE_POOL;
    this.dataDir = resolve(data.DATA_DIR);
    this.recallSample = data.RECALL_SAMPLE;
    this.auth = data.AUTH;
    this.adminApiKey = data.ADMIN_API_KEY ?? null;
    this.logLevel = data.LOG_LEVEL;
    this.embedding = embeddingSettings(data);
  }
}

const embeddingSettings = (data: z.output<typeof schema>): EmbeddingSettings => ({
  provider: data.EMBEDDING_PROVIDER,
  model: data.EMBEDDING_MODEL ?? DEFAULT_MODEL[data.EMBEDDING_PROVIDER],
  workers: data.EMBEDDING_WORKERS ?? Math.max(1, Math.floor(availableParallelism() / 2)),
  openAiApiKey: data.OPENAI_API_KEY ?? null,
  openAiBaseUrl: data.OPENAI_BASE_URL ?? null,
  redisUrl: data.REDIS_URL ?? null,
});

const sentence = (issue: z.core.$ZodIssue): string => {
  const reason =
    issue.code === 'invalid_value'
      ? `must be one of: ${issue.values.map(String).join(', ')}`
      : issue.message;

  return `The setting ${issue.path.join('.')} ${reason}.`;
};
