import type { Database } from '#database';
import { RANKING, type EmbeddingProfile, type NamedModel } from '../profile.js';

/**
 * `active`: asked now. `filling`, `ready`: the next one. `retired`: kept for a while after another took
 * its place. `cancelled`, `dropped`: its tables are gone.
 */
export type SpaceStatus = 'active' | 'filling' | 'ready' | 'retired' | 'cancelled' | 'dropped';

/** A vector space as the database has it. */
export interface RegisteredSpace {
  readonly named: NamedModel;
  readonly profile: EmbeddingProfile;
  readonly status: SpaceStatus;
  /** RFC 3339; of the status. */
  readonly since: string;
}

interface Row extends NamedModel {
  readonly model_key: string;
  readonly slug: string;
  readonly dimensions: number;
  readonly search_threshold: number;
  readonly suggest_threshold: number;
  readonly status: SpaceStatus;
  readonly since: string;
}

/** Which vector spaces there are, and which one is asked: the database says so, for every process. */
export class EmbeddingProfiles {
  /** @param named the model that the settings name */
  constructor(
    private readonly database: Database,
    private readonly named: NamedModel,
  ) {}

  /** Newest first; of those of one moment the active one. */
  async all(): Promise<RegisteredSpace[]> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query<Row>(
        `select space.model_key, space.slug, space.provider, space.model, space.dimensions,
                space.search_threshold, space.suggest_threshold, space.status,
                es.iso(space.since) as since
           from es.embedding_profile as space
          order by space.since desc, space.status, space.model_key`,
      ),
    );

    return rows.map(spaceOf);
  }

  async active(): Promise<RegisteredSpace | null> {
    return (await this.all()).find(({ status }) => status === 'active') ?? null;
  }

  /** What is to be said when the settings name another model than the one that is asked; else null. */
  async remark(): Promise<string | null> {
    const active = await this.active();
    if (!active || isSame(this.named, active.named)) return null;
    const { provider, model } = this.named;
    const option = provider === active.named.provider ? '' : ` --provider ${provider}`;

    return (
      `EMBEDDING_MODEL names ${model}, memories are in the space of ${active.profile.key} ` +
      `(${active.named.model}); migrate with: omoi embeddings migrate ${model}${option}`
    );
  }

  /** Registers the first one; gives that which is active then, which may be another's. */
  async registerFirst(profile: EmbeddingProfile, named: NamedModel): Promise<RegisteredSpace> {
    await this.database.as('omoi_owner', async (sql) => {
      await sql.query('lock table es.embedding_profile in share row exclusive mode');
      await sql.query(
        `insert into es.embedding_profile
                (model_key, slug, provider, model, dimensions, search_threshold, suggest_threshold,
                 status)
         select $1, $2, $3, $4, $5, $6, $7, 'active'
          where not exists (select from es.embedding_profile as other
                             where other.status = 'active')
         on conflict (model_key) do update
            set provider = excluded.provider, model = excluded.model, status = excluded.status,
                since = now()`,
        [
          profile.key,
          profile.slug,
          named.provider,
          named.model,
          profile.dimensions,
          profile.searchThreshold,
          profile.suggestThreshold,
        ],
      );
    });
    const active = await this.active();
    if (!active) throw new Error('No vector space is active.');

    return active;
  }

  /** A space that is registered is called what it was then, because its tables are. */
  async asRegistered(profile: EmbeddingProfile): Promise<EmbeddingProfile> {
    const known = (await this.all()).find((one) => one.profile.key === profile.key);

    return known ? { ...profile, slug: known.profile.slug } : profile;
  }

  /** The model of a space is to be found elsewhere now. */
  async moved({ key }: EmbeddingProfile, { provider, model }: NamedModel): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update es.embedding_profile as space set provider = $2, model = $3
          where space.model_key = $1`,
        [key, provider, model],
      ),
    );
  }
}

export const isSame = (one: NamedModel, other: NamedModel): boolean =>
  one.provider === other.provider && one.model === other.model;

const spaceOf = ({ provider, model, status, since, ...row }: Row): RegisteredSpace => ({
  named: { provider, model },
  status,
  since,
  profile: {
    key: row.model_key,
    slug: row.slug,
    dimensions: row.dimensions,
    searchThreshold: row.search_threshold,
    suggestThreshold: row.suggest_threshold,
    ranking: RANKING,
  },
});
