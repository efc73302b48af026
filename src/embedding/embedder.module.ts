import { Settings } from '#config';
import { Database } from '#database';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SharedVectors } from './cache/shared-vectors.js';
import { CurrentEmbedder } from './current-embedder.js';
import { Embedder } from './embedder.js';
import { firstModel } from './first-model.js';
import { Models } from './models.js';
import { EmbeddingProfiles } from './read-model/embedding-profiles.js';
import { EmbeddingSpend } from './read-model/embedding-spend.js';

/** Benchmarks open this room alone: then nothing is registered, and nothing noted. */
const DATABASE = { token: Database, optional: true };

/** For the rooms of the house. Whoever is given the `Embedder` is given one that has started. */
@Module({
  providers: [
    {
      provide: EmbeddingSpend,
      inject: [DATABASE],
      useFactory: (database?: Database) => (database ? new EmbeddingSpend(database) : null),
    },
    {
      provide: EmbeddingProfiles,
      inject: [Settings, DATABASE],
      useFactory: ({ embedding }: Settings, database?: Database) =>
        database ? new EmbeddingProfiles(database, embedding) : null,
    },
    {
      provide: SharedVectors,
      inject: [Settings],
      useFactory: ({ embedding: { redisUrl } }: Settings) =>
        redisUrl === null ? null : new SharedVectors(redisUrl),
    },
    {
      provide: Models,
      inject: [Settings, SharedVectors, EmbeddingSpend],
      useFactory: (
        { embedding }: Settings,
        shared: SharedVectors | null,
        spend: EmbeddingSpend | null,
      ) => new Models(embedding, shared, (spent) => spend?.count(spent)),
    },
    {
      provide: CurrentEmbedder,
      inject: [Models, EmbeddingProfiles],
      useFactory: async (models: Models, profiles: EmbeddingProfiles | null) =>
        new CurrentEmbedder(await firstModel(models, profiles)),
    },
    { provide: Embedder, useExisting: CurrentEmbedder },
  ],
  exports: [Embedder, CurrentEmbedder, Models, EmbeddingProfiles, SharedVectors],
})
export class EmbedderModule
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly models: Models,
    @Inject(EmbeddingSpend) private readonly spend: EmbeddingSpend | null,
    @Inject(SharedVectors) private readonly shared: SharedVectors | null,
  ) {}

  onModuleInit(): void {
    this.spend?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.spend?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.models.closeAll();
    this.shared?.close();
  }
}
