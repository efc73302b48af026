import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type {
  AddWebhookRequest,
  AddWebhookResponse,
  LetterResponse,
} from './manage-webhooks.request.js';

/** @throws DomainError `webhook.too_many` */
export class AddWebhook extends Command<Answer<AddWebhookResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: AddWebhookRequest,
  ) {
    super();
  }
}

/** @throws DomainError `webhook.unknown` */
export class RemoveWebhook extends Command<void> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}

/** All webhooks of the caller's namespace go, and all that it was told. */
export class TellNoMore extends Command<void> {
  constructor(readonly caller: Caller) {
    super();
  }
}

/**
 * Delivers a dead letter now, out of its turn, and forgets it.
 * @throws DomainError `webhook.unknown`, `dead_letter.unknown`, `dead_letter.failed_again`
 */
export class RetryLetter extends Command<Answer<LetterResponse>> {
  constructor(
    readonly caller: Caller,
    readonly webhookId: string,
    readonly notificationId: string,
  ) {
    super();
  }
}

/** Goes without it for good. @throws DomainError `dead_letter.unknown` */
export class DiscardLetter extends Command<Answer<LetterResponse>> {
  constructor(
    readonly caller: Caller,
    readonly webhookId: string,
    readonly notificationId: string,
  ) {
    super();
  }
}
