import { Global, Module } from '@nestjs/common';
import { Doorkeeper } from './admit-callers/doorkeeper.js';
import { OpenStreams } from './admit-callers/open-streams.js';
import { RateLimit } from './admit-callers/rate-limit.js';
import { RecentKeys } from './admit-callers/recent-keys.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ListKeysHandler } from './list-keys/list-keys.handler.js';
import {
  CreateKeyHandler,
  RevokeKeyHandler,
  RevokeKeysOfNamespaceHandler,
  RotateKeyHandler,
} from './manage-keys/manage-keys.handler.js';
import { ApiKeyReader } from './read-model/api-key.reader.js';
import { ApiKeyTable } from './read-model/api-key.table.js';

/** Who may come in, and what for. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [
    ApiKeyReader,
    ApiKeyTable,
    Doorkeeper,
    RecentKeys,
    RateLimit,
    OpenStreams,
    CreateKeyHandler,
    RotateKeyHandler,
    RevokeKeyHandler,
    RevokeKeysOfNamespaceHandler,
    ListKeysHandler,
  ],
  exports: [Doorkeeper, RateLimit, OpenStreams],
})
export class KeysModule {}
