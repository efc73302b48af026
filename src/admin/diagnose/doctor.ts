import { Settings } from '#config';
import { Embedder, EmbeddingProfiles } from '#embedding';
import { Projections, type ProjectionVersion } from '#event-store';
import { Injectable } from '@nestjs/common';
import { DatabaseReader, type DatabaseFacts } from '../read-model/database.reader.js';
import type { Check, Diagnosis } from './doctor.response.js';

/** So far behind the log a follower is not just busy. */
const LONG_LAG = 1_000;

/** Looks at everything that can be wrong, and says what to do about it. */
@Injectable()
export class Doctor {
  constructor(
    private readonly settings: Settings,
    private readonly database: DatabaseReader,
    private readonly projections: Projections,
    private readonly embedder: Embedder,
    private readonly profiles: EmbeddingProfiles,
  ) {}

  async look(): Promise<Diagnosis> {
    const [facts, all] = [await this.database.facts(), await this.projections.list()];
    const checks = [
      versions(facts),
      this.durability(facts),
      roles(facts),
      isolation(facts),
      ...all.filter(({ status }) => status === 'active').map(follower),
      this.model(await this.profiles.remark()),
    ];
    const worst = (['fail', 'warn'] as const).find((status) =>
      checks.some((check) => check.status === status),
    );

    return { status: worst ?? 'ok', settings: this.inForce(), checks };
  }

  private durability({ fsync, synchronous_commit }: DatabaseFacts): Check {
    const isEmbedded = this.settings.databaseUrl === null;
    const isSafe = fsync && synchronous_commit !== 'off' && !isEmbedded;

    return {
      name: 'durability',
      status: isSafe ? 'ok' : 'warn',
      says: isEmbedded
        ? 'The embedded database: a killed process loses nothing, a power cut may.'
        : `fsync ${fsync ? 'on' : 'off'}, synchronous_commit ${synchronous_commit}`,
      advice: isSafe
        ? null
        : isEmbedded
          ? 'For production set DATABASE_URL to a PostgreSQL server.'
          : 'Switch both on, or what was acknowledged may be lost.',
    };
  }

  /** @param remark what there is to say about the settings */
  private model(remark: string | null): Check {
    const { refusal, profile } = this.embedder;
    const name = 'embedding';
    if (refusal) return { name, status: 'fail', says: refusal.message, advice: NO_MODEL };
    const says = `${profile.key}, ${String(profile.dimensions)} dimensions`;

    return { name, status: remark === null ? 'ok' : 'warn', says, advice: remark };
  }

  /** Nothing here is a secret. */
  private inForce(): Diagnosis['settings'] {
    const { host, port, databaseUrl, databasePool, embedding, auth, adminApiKey } = this.settings;

    return {
      HOST: host,
      PORT: String(port),
      DATABASE_URL: databaseUrl === null ? 'not set: embedded database' : 'set',
      DATABASE_POOL: String(databasePool),
      EMBEDDING_PROVIDER: embedding.provider,
      EMBEDDING_MODEL: embedding.model,
      EMBEDDING_WORKERS: String(embedding.workers),
      REDIS_URL: embedding.redisUrl === null ? 'not set' : 'set',
      OPENAI_API_KEY: embedding.openAiApiKey === null ? 'not set' : 'set',
      RECALL_SAMPLE: String(this.settings.recallSample),
      AUTH: auth,
      ADMIN_API_KEY: adminApiKey === null ? 'not set' : 'set',
      LOG_LEVEL: this.settings.logLevel,
    };
  }
}

function versions({ server, vector, versions: verdict }: DatabaseFacts): Check {
  return {
    name: 'versions',
    says: `Node ${process.versions.node}, PostgreSQL ${server}, pgvector ${vector ?? 'missing'}`,
    ...verdict,
  };
}

function roles({ missing_roles: missing, log_can_change }: DatabaseFacts): Check {
  const isWell = missing.length === 0 && !log_can_change;

  return {
    name: 'roles',
    status: isWell ? 'ok' : 'fail',
    says: isWell
      ? 'The five roles can be taken on; what stands in the log cannot be changed.'
      : `cannot be taken on: ${missing.join(', ') || 'none'}; the log can be changed: ${String(log_can_change)}`,
    advice: isWell ? null : 'Run the SQL of docs/operations.md again, as a superuser.',
  };
}

function isolation({ open_tables: open }: DatabaseFacts): Check {
  return {
    name: 'isolation',
    status: open.length === 0 ? 'ok' : 'fail',
    says:
      open.length === 0
        ? 'Row-level security is forced on every table of tenants.'
        : `Row-level security is not forced on ${open.join(', ')}.`,
    advice: open.length === 0 ? null : 'Switch it on: alter table … force row level security.',
  };
}

function follower(one: ProjectionVersion): Check {
  const { name, kind, lag, error, dead_letters, rebuild_needed, rebuild_reason } = one;
  const says = `${kind}, ${String(lag)} behind, ${String(dead_letters)} set aside`;
  if (error !== null) {
    return { name, status: 'fail', says: `${says}; stands still: ${error}`, advice: STANDS_STILL };
  }
  if (dead_letters > 0) return { name, status: 'warn', says, advice: SET_ASIDE };
  if (rebuild_needed)
    return { name, status: 'warn', says, advice: `${rebuild_reason ?? ''} ${REBUILD}` };
  if (lag > LONG_LAG) return { name, status: 'warn', says, advice: BEHIND };

  return { name, status: 'ok', says, advice: null };
}

const NO_MODEL = 'Executions are stored; searches wait until the model answers.';
const STANDS_STILL = 'Mend what it names; it goes on by itself.';
const SET_ASIDE = 'Look at `omoi dead-letters list`; retry or discard them.';
const REBUILD = 'Rebuild it: `omoi projections rebuild`.';
const BEHIND = 'Reading falls behind writing: look at `omoi projections list` again in a minute.';
