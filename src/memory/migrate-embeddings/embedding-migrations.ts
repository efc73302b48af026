import { embedOne, ModelUnavailable, Models } from '#embedding';
import { DomainError, ruleBroken } from '#kernel';
import { Injectable } from '@nestjs/common';
import { migrationRunning, type EmbeddingMigration } from '../read-model/embedding-migration.js';
import { EmbeddingMigrationsTable } from '../read-model/embedding-migrations.table.js';
import { Spaces } from '../read-model/spaces.js';
import type { MigrateEmbeddingsRequest } from './migrate-embeddings.request.js';
import { Migrator } from './migrator.js';
import { SpaceKeeper } from './space-keeper.js';

/** How long whoever asks for a switch waits for it. */
const SWITCH_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Changes of the embedding model: begun, looked at, switched, given up. */
@Injectable()
export class EmbeddingMigrations {
  constructor(
    private readonly spaces: Spaces,
    private readonly models: Models,
    private readonly table: EmbeddingMigrationsTable,
    private readonly keeper: SpaceKeeper,
    private readonly migrator: Migrator,
  ) {}

  /**
   * Begins to fill the space of another model, and gives the id of that.
   * @param asked `provider`: the one of the settings when null
   * @throws DomainError `embedding.migration_running`; `embedding.model_unavailable`,
   * `embedding.model_is_active` or `embedding.name_taken` naming `model`
   */
  async start(asked: MigrateEmbeddingsRequest): Promise<string> {
    if (await this.table.open()) throw migrationRunning();
    const named = { provider: asked.provider ?? this.models.named.provider, model: asked.model };
    const embedder = await this.models.start(named).catch(unusable);
    const { profile } = embedder;
    try {
      await embedOne(embedder, 'warm up', 'query').catch(unusable);
      const table = await this.keeper.tableOf(profile);
      const id = await this.table.begin(table, named, asked.switch);
      this.keeper.wake();
      return id;
    } catch (error) {
      // It may be the one of a space that is searched, or filled.
      if (!this.spaces.find(profile.key)?.embedder) await this.models.close(profile.key);
      throw error;
    }
  }

  /** @throws DomainError `embedding.migration_unknown` */
  find(id: string): Promise<EmbeddingMigration> {
    return this.table.find(id);
  }

  /**
   * Has the new space searched as soon as it is complete; waits some seconds for it.
   * @throws DomainError `embedding.migration_unknown`, `embedding.migration_over`,
   * `embedding.being_indexed`
   */
  async switch(id: string): Promise<EmbeddingMigration> {
    await this.table.wantSwitch(id);
    this.migrator.wake();
    const asked = performance.now();
    let now = await this.find(id);
    while (now.ended_at === null && performance.now() - asked < SWITCH_PATIENCE_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      now = await this.find(id);
    }

    return now;
  }

  /** Gives it up, and the vectors that it made. @throws DomainError as `switch` */
  async cancel(id: string): Promise<EmbeddingMigration> {
    await this.table.cancel(id);
    this.keeper.wake();

    return this.find(id);
  }

  /**
   * Drops the vectors of the model that it left.
   * @throws DomainError `embedding.migration_unknown`, `embedding.nothing_to_drop`
   */
  async drop(id: string): Promise<EmbeddingMigration> {
    await this.table.drop(id);
    this.keeper.wake();

    return this.find(id);
  }
}

function unusable(error: unknown): never {
  if (!(error instanceof ModelUnavailable || error instanceof DomainError)) throw error;
  throw ruleBroken('embedding.model_unavailable', 'model', error.message);
}
