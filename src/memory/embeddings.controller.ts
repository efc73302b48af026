import { EventStore, once } from '#event-store';
import type { Caller } from '#kernel';
import { Asked, Refuses, type Answer } from '#rest';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { EmbeddingMigrations } from './migrate-embeddings/embedding-migrations.js';
import {
  embeddingsAnswer,
  embeddingsResponse,
  type EmbeddingsResponse,
} from './migrate-embeddings/embeddings.response.js';
import {
  migrateEmbeddingsRequest,
  migrationAnswer,
  migrationBegun,
  migrationResponse,
  type MigrateEmbeddingsRequest,
  type MigrationResponse,
} from './migrate-embeddings/migrate-embeddings.request.js';
import { EmbeddingsReader } from './read-model/embeddings.reader.js';

const migrationId = z.uuid();

/** Which model makes vectors, what that costs, and the way to another one. */
@ApiTags('admin')
@Controller('admin/embeddings')
export class EmbeddingsController {
  constructor(
    private readonly reader: EmbeddingsReader,
    private readonly migrations: EmbeddingMigrations,
    private readonly store: EventStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Models, how many memories have their vectors, and what that cost' })
  @ApiOkResponse({ standardSchema: embeddingsResponse })
  async state(): Promise<EmbeddingsResponse> {
    return embeddingsAnswer(await this.reader.state());
  }

  @Post('migrate')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Change the embedding model',
    description:
      'New vectors are made beside the old ones; searches use the old ones until the new ones are complete. The old ones are kept for 24 hours.',
  })
  @ApiAcceptedResponse({ standardSchema: migrationBegun })
  @ApiOkResponse({ standardSchema: migrationBegun, description: 'It was begun before.' })
  @Refuses(409)
  migrate(
    @Asked() caller: Caller,
    @Body({ schema: migrateEmbeddingsRequest }) body: MigrateEmbeddingsRequest,
  ): Promise<Answer<{ migration_id: string }>> {
    return once(this.store, caller, async () => ({
      migration_id: await this.migrations.start(body),
    }));
  }

  @Get('migrations/:migration_id')
  @ApiOperation({ summary: 'How far a change of the model is' })
  @ApiOkResponse({ standardSchema: migrationResponse })
  @Refuses(404)
  async one(
    @Param('migration_id', { schema: migrationId }) id: string,
  ): Promise<MigrationResponse> {
    return migrationAnswer(await this.migrations.find(id));
  }

  @Post('migrations/:migration_id/switch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search with the new model as soon as its vectors are complete' })
  @ApiOkResponse({ standardSchema: migrationResponse })
  @Refuses(404, 409)
  switch(
    @Asked() caller: Caller,
    @Param('migration_id', { schema: migrationId }) id: string,
  ): Promise<Answer<MigrationResponse>> {
    return once(this.store, caller, async () => migrationAnswer(await this.migrations.switch(id)));
  }

  @Post('migrations/:migration_id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give it up; the vectors that are searched stay' })
  @ApiOkResponse({ standardSchema: migrationResponse })
  @Refuses(404, 409)
  cancel(
    @Asked() caller: Caller,
    @Param('migration_id', { schema: migrationId }) id: string,
  ): Promise<Answer<MigrationResponse>> {
    return once(this.store, caller, async () => migrationAnswer(await this.migrations.cancel(id)));
  }

  @Post('migrations/:migration_id/drop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Drop the vectors of the model that it left, before their time' })
  @ApiOkResponse({ standardSchema: migrationResponse })
  @Refuses(404, 409)
  drop(
    @Asked() caller: Caller,
    @Param('migration_id', { schema: migrationId }) id: string,
  ): Promise<Answer<MigrationResponse>> {
    return once(this.store, caller, async () => migrationAnswer(await this.migrations.drop(id)));
  }
}
