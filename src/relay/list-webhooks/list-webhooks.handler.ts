import { moment } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { WebhookReader } from '../read-model/webhook.reader.js';
import type { WebhookLetterResponse, WebhookResponse } from '../read-model/webhook.response.js';
import { ListLetters, ListWebhooks } from './list-webhooks.query.js';

const webhookKey = z.tuple([moment(), z.uuid()]);
const letterKey = z.tuple([z.int()]);

@QueryHandler(ListWebhooks)
export class ListWebhooksHandler implements IQueryHandler<ListWebhooks> {
  constructor(private readonly webhooks: WebhookReader) {}

  async execute({ caller, asked }: ListWebhooks): Promise<Page<WebhookResponse>> {
    const { limit, cursor } = asked;
    const after = decodeCursor(cursor, webhookKey);
    const rows = await this.webhooks.list(caller.namespace, after, limit + 1);

    return pageFrom(rows, limit, ({ created_at, webhook_id }) => [created_at, webhook_id]);
  }
}

@QueryHandler(ListLetters)
export class ListLettersHandler implements IQueryHandler<ListLetters> {
  constructor(private readonly webhooks: WebhookReader) {}

  async execute({ caller, id, asked }: ListLetters): Promise<Page<WebhookLetterResponse>> {
    const { limit, cursor } = asked;
    const after = decodeCursor(cursor, letterKey)?.[0] ?? null;
    const rows = await this.webhooks.letters(caller.namespace, id, after, limit + 1);

    return pageFrom(rows, limit, ({ number }) => [number]);
  }
}
