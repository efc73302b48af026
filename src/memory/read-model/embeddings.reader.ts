import { Database, type Sql } from '#database';
import { EmbeddingProfiles, type RegisteredSpace } from '#embedding';
import { Injectable } from '@nestjs/common';
import { latestMigration, type EmbeddingMigration } from './embedding-migration.js';
import { Spaces } from './spaces.js';

/** So many days of spending are told. */
const DAYS = 90;

/** How many memories have their vector in a space, wait for it, and of these, failed at least once. */
export interface Coverage {
  readonly embedded: number;
  readonly pending: number;
  readonly failed: number;
}

/** What embedding by one model came to on one day (UTC). */
interface DaySpent {
  readonly day: string;
  readonly model_key: string;
  readonly calls: number;
  readonly texts: number;
  readonly tokens: number;
  readonly usd: number | null;
}

/** What there is to know about embeddings. */
export interface EmbeddingsState {
  readonly spaces: readonly (RegisteredSpace & { readonly coverage: Coverage | null })[];
  /** The one under way, else the last one. */
  readonly migration: EmbeddingMigration | null;
  readonly spend: readonly DaySpent[];
  /** What is to be said when the settings name another model than the one that is asked. */
  readonly remark: string | null;
}

/** Reads how embeddings stand. */
@Injectable()
export class EmbeddingsReader {
  constructor(
    private readonly database: Database,
    private readonly profiles: EmbeddingProfiles,
    private readonly spaces: Spaces,
  ) {}

  async state(): Promise<EmbeddingsState> {
    const registered = await this.profiles.all();
    const remark = await this.profiles.remark();

    return this.database.as('omoi_projector', async (sql) => {
      const spaces = [];
      for (const space of registered) {
        spaces.push({ ...space, coverage: await this.coverage(sql, space) });
      }
      return {
        spaces,
        migration: await latestMigration(sql),
        spend: await spent(sql),
        remark,
      };
    });
  }

  /** Null for one that has no tables (any more). */
  private async coverage(sql: Sql, { profile }: RegisteredSpace): Promise<Coverage | null> {
    const space = this.spaces.find(profile.key);
    if (!space) return null;
    const { name, pending } = space.vectors;
    const [found] = await sql.query<Coverage>(
      `select (select count(*)::int from ${name} as vectors) as embedded,
              count(*)::int as pending, count(pending.error)::int as failed
         from ${pending} as pending`,
    );

    return found ?? null;
  }
}

const spent = (sql: Sql): Promise<DaySpent[]> =>
  sql.query<DaySpent>(
    `select to_char(spend.day, 'YYYY-MM-DD') as day, spend.model_key,
            spend.calls::float8 as calls, spend.texts::float8 as texts,
            spend.tokens::float8 as tokens, spend.usd
       from es.embedding_spend as spend
      where spend.day > (now() at time zone 'utc')::date - $1::int
      order by spend.day desc, spend.model_key`,
    [DAYS],
  );
