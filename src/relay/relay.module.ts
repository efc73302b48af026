import { Followers } from '#event-store';
import { Module } from '@nestjs/common';
import { WebhookCourier } from './deliver-webhooks/webhook-courier.js';
import { EventsController } from './events.controller.js';
import { ListLettersHandler, ListWebhooksHandler } from './list-webhooks/list-webhooks.handler.js';
import {
  AddWebhookHandler,
  DiscardLetterHandler,
  RemoveWebhookHandler,
  RetryLetterHandler,
  TellNoMoreHandler,
} from './manage-webhooks/manage-webhooks.handler.js';
import { BusOutbox } from './read-model/bus-outbox.js';
import { ExpiredNotifications } from './read-model/expired-notifications.js';
import { NotificationReader } from './read-model/notification.reader.js';
import { notifications } from './read-model/notifications.projection.js';
import { WebhookOutbox } from './read-model/webhook.outbox.js';
import { WebhookReader } from './read-model/webhook.reader.js';
import { WebhookTable } from './read-model/webhook.table.js';
import { RelayPace } from './relay-pace.js';
import { EventStreams } from './stream-events/event-streams.js';
import { NewsFeed } from './stream-events/news-feed.js';
import { BusRelay } from './tell-siblings/bus-relay.js';
import { WebhookPost } from './webhook-post.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  controllers: [EventsController, WebhooksController],
  providers: [
    RelayPace,
    NotificationReader,
    BusOutbox,
    BusRelay,
    NewsFeed,
    EventStreams,
    WebhookTable,
    WebhookReader,
    WebhookOutbox,
    WebhookPost,
    WebhookCourier,
    ExpiredNotifications,
    AddWebhookHandler,
    RemoveWebhookHandler,
    TellNoMoreHandler,
    RetryLetterHandler,
    DiscardLetterHandler,
    ListWebhooksHandler,
    ListLettersHandler,
  ],
})
export class RelayModule {
  constructor(followers: Followers) {
    followers.project(notifications);
  }
}
