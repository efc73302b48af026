import type { Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { ListLetters, ListWebhooks } from './list-webhooks/list-webhooks.query.js';
import {
  AddWebhook,
  DiscardLetter,
  RemoveWebhook,
  RetryLetter,
} from './manage-webhooks/manage-webhooks.command.js';
import {
  addWebhookRequest,
  addWebhookResponse,
  letterResponse,
  pageOfWebhooksQuery,
  type AddWebhookRequest,
  type AddWebhookResponse,
  type LetterResponse,
  type PageOfWebhooksQuery,
} from './manage-webhooks/manage-webhooks.request.js';
import {
  webhookLetterResponse,
  webhookResponse,
  type WebhookLetterResponse,
  type WebhookResponse,
} from './read-model/webhook.response.js';

const id = z.uuid().toLowerCase();

@ApiTags('admin')
@Controller('admin/webhooks')
export class WebhooksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Have notifications sent to an address',
    description:
      'Each is a POST of a CloudEvent, signed as the Standard Webhooks are; in order, from now on, at least once.',
  })
  @ApiCreatedResponse({ standardSchema: addWebhookResponse })
  @ApiOkResponse({ standardSchema: addWebhookResponse, description: 'It was registered before.' })
  @Refuses(404, 409)
  add(
    @Asked() caller: Caller,
    @Body({ schema: addWebhookRequest }) body: AddWebhookRequest,
  ): Promise<Answer<AddWebhookResponse>> {
    return this.commands.execute(new AddWebhook(caller, body));
  }

  @Get()
  @ApiOperation({ summary: 'Webhooks, oldest first, and how they fare' })
  @ApiOkResponse({ standardSchema: pageOf(webhookResponse) })
  list(
    @Asked() caller: Caller,
    @Query({ schema: pageOfWebhooksQuery }) query: PageOfWebhooksQuery,
  ): Promise<Page<WebhookResponse>> {
    return this.queries.execute(new ListWebhooks(caller, query));
  }

  @Delete(':webhook_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Send nothing there any more' })
  @ApiNoContentResponse()
  @Refuses(404)
  remove(
    @Asked() caller: Caller,
    @Param('webhook_id', { schema: id }) webhookId: string,
  ): Promise<void> {
    return this.commands.execute(new RemoveWebhook(caller, webhookId));
  }

  @Get(':webhook_id/dead-letters')
  @ApiOperation({ summary: 'What a webhook did not take, however often it was tried' })
  @ApiOkResponse({ standardSchema: pageOf(webhookLetterResponse) })
  @Refuses(404)
  letters(
    @Asked() caller: Caller,
    @Param('webhook_id', { schema: id }) webhookId: string,
    @Query({ schema: pageOfWebhooksQuery }) query: PageOfWebhooksQuery,
  ): Promise<Page<WebhookLetterResponse>> {
    return this.queries.execute(new ListLetters(caller, webhookId, query));
  }

  @Post(':webhook_id/dead-letters/:notification_id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Deliver a dead letter now' })
  @ApiOkResponse({ standardSchema: letterResponse })
  @Refuses(404, 409)
  retry(
    @Asked() caller: Caller,
    @Param('webhook_id', { schema: id }) webhookId: string,
    @Param('notification_id', { schema: id }) notificationId: string,
  ): Promise<Answer<LetterResponse>> {
    return this.commands.execute(new RetryLetter(caller, webhookId, notificationId));
  }

  @Post(':webhook_id/dead-letters/:notification_id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go without it' })
  @ApiOkResponse({ standardSchema: letterResponse })
  @Refuses(404, 409)
  discard(
    @Asked() caller: Caller,
    @Param('webhook_id', { schema: id }) webhookId: string,
    @Param('notification_id', { schema: id }) notificationId: string,
  ): Promise<Answer<LetterResponse>> {
    return this.commands.execute(new DiscardLetter(caller, webhookId, notificationId));
  }
}
