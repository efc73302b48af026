import type { Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ListKeys } from './list-keys/list-keys.query.js';
import { CreateKey, RevokeKey, RotateKey } from './manage-keys/manage-keys.command.js';
import {
  createKeyRequest,
  pageOfKeysQuery,
  secretKeyResponse,
  type CreateKeyRequest,
  type PageOfKeysQuery,
  type SecretKeyResponse,
} from './manage-keys/manage-keys.request.js';
import { apiKeyResponse, type ApiKeyResponse } from './read-model/api-key.response.js';

const id = z.uuid().toLowerCase();

@ApiTags('admin')
@Controller('admin/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make an API key',
    description: 'Its text, `key`, is said in this answer and never again: only a hash is kept.',
  })
  @ApiCreatedResponse({ standardSchema: secretKeyResponse })
  @ApiOkResponse({ standardSchema: secretKeyResponse, description: 'It was made before.' })
  @Refuses(409)
  create(
    @Asked() caller: Caller,
    @Body({ schema: createKeyRequest }) body: CreateKeyRequest,
  ): Promise<Answer<SecretKeyResponse>> {
    return this.commands.execute(new CreateKey(caller, body));
  }

  @Get()
  @ApiOperation({ summary: 'API keys, oldest first, revoked ones too' })
  @ApiOkResponse({ standardSchema: pageOf(apiKeyResponse) })
  list(@Query({ schema: pageOfKeysQuery }) query: PageOfKeysQuery): Promise<Page<ApiKeyResponse>> {
    return this.queries.execute(new ListKeys(query));
  }

  @Post(':key_id/rotate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give a key another text',
    description: 'The old one is refused at once. The new one is said in this answer alone.',
  })
  @ApiOkResponse({ standardSchema: secretKeyResponse })
  @Refuses(404, 409)
  rotate(
    @Asked() caller: Caller,
    @Param('key_id', { schema: id }) keyId: string,
  ): Promise<Answer<SecretKeyResponse>> {
    return this.commands.execute(new RotateKey(caller, keyId));
  }

  @Post(':key_id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Refuse a key from now on, for good' })
  @ApiOkResponse({ standardSchema: apiKeyResponse })
  @Refuses(404, 409)
  revoke(
    @Asked() caller: Caller,
    @Param('key_id', { schema: id }) keyId: string,
  ): Promise<Answer<ApiKeyResponse>> {
    return this.commands.execute(new RevokeKey(caller, keyId));
  }
}
