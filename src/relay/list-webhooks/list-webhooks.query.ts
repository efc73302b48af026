import type { Caller } from '#kernel';
import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type { PageOfWebhooksQuery } from '../manage-webhooks/manage-webhooks.request.js';
import type { WebhookLetterResponse, WebhookResponse } from '../read-model/webhook.response.js';

/** Webhooks, oldest first. */
export class ListWebhooks extends Query<Page<WebhookResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: PageOfWebhooksQuery,
  ) {
    super();
  }
}

/** What a webhook did not take, in the order in which it was told. @throws DomainError `webhook.unknown` */
export class ListLetters extends Query<Page<WebhookLetterResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: PageOfWebhooksQuery,
  ) {
    super();
  }
}
