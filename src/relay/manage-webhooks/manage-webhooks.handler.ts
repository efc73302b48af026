import { EventStore, idUnderKey, once } from '#event-store';
import { Clock } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { failedAgain, unknownLetter } from '../domain/relay.errors.js';
import { WebhookReader } from '../read-model/webhook.reader.js';
import { WebhookTable } from '../read-model/webhook.table.js';
import { newSecret } from '../signature.js';
import { WebhookPost } from '../webhook-post.js';
import {
  AddWebhook,
  DiscardLetter,
  RemoveWebhook,
  RetryLetter,
  TellNoMore,
} from './manage-webhooks.command.js';
import type { AddWebhookResponse, LetterResponse } from './manage-webhooks.request.js';

@CommandHandler(AddWebhook)
export class AddWebhookHandler implements ICommandHandler<AddWebhook> {
  constructor(
    private readonly store: EventStore,
    private readonly webhooks: WebhookTable,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, asked }: AddWebhook): Promise<Answer<AddWebhookResponse>> {
    const { url, types, secret } = asked;
    const { body, repeated } = await once(this.store, caller, async () => {
      const id = idUnderKey('webhook', caller, this.clock.now());
      await this.webhooks.add(caller.namespace, { id, url, types, secret: secret ?? newSecret() });
      return { webhook_id: id };
    });
    // What is remembered under a key is no place for a secret; a repetition finds it with its webhook.
    const receiver = await this.webhooks.receiver(caller.namespace, body.webhook_id);

    return { body: { ...body, secret: receiver.secret }, repeated };
  }
}

@CommandHandler(RemoveWebhook)
export class RemoveWebhookHandler implements ICommandHandler<RemoveWebhook> {
  constructor(private readonly webhooks: WebhookTable) {}

  execute({ caller, id }: RemoveWebhook): Promise<void> {
    return this.webhooks.remove(caller.namespace, id);
  }
}

@CommandHandler(TellNoMore)
export class TellNoMoreHandler implements ICommandHandler<TellNoMore> {
  constructor(private readonly webhooks: WebhookTable) {}

  execute({ caller }: TellNoMore): Promise<void> {
    return this.webhooks.removeAll(caller.namespace);
  }
}

@CommandHandler(RetryLetter)
export class RetryLetterHandler implements ICommandHandler<RetryLetter> {
  constructor(
    private readonly store: EventStore,
    private readonly webhooks: WebhookTable,
    private readonly letters: WebhookReader,
    private readonly post: WebhookPost,
  ) {}

  execute({ caller, webhookId, notificationId }: RetryLetter): Promise<Answer<LetterResponse>> {
    const { namespace } = caller;

    return once(this.store, caller, async () => {
      const receiver = await this.webhooks.receiver(namespace, webhookId);
      const letter = await this.letters.letter(namespace, webhookId, notificationId);
      if (!letter) throw unknownLetter(notificationId);
      const error = await this.post.send(receiver, letter.event);
      if (error !== null) {
        await this.webhooks.failedAgain(namespace, webhookId, notificationId, error);
        throw failedAgain(error);
      }
      await this.webhooks.forgetLetter(namespace, webhookId, notificationId);
      return { notification_id: notificationId, status: 'delivered' } as const;
    });
  }
}

@CommandHandler(DiscardLetter)
export class DiscardLetterHandler implements ICommandHandler<DiscardLetter> {
  constructor(
    private readonly store: EventStore,
    private readonly webhooks: WebhookTable,
  ) {}

  execute({ caller, webhookId, notificationId }: DiscardLetter): Promise<Answer<LetterResponse>> {
    return once(this.store, caller, async () => {
      await this.webhooks.receiver(caller.namespace, webhookId);
      await this.webhooks.forgetLetter(caller.namespace, webhookId, notificationId);
      return { notification_id: notificationId, status: 'discarded' } as const;
    });
  }
}
