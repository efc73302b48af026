import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type { PageOfKeysQuery } from '../manage-keys/manage-keys.request.js';
import type { ApiKeyResponse } from '../read-model/api-key.response.js';

/** API keys, oldest first; revoked ones too. */
export class ListKeys extends Query<Page<ApiKeyResponse>> {
  constructor(readonly asked: PageOfKeysQuery) {
    super();
  }
}
