import { Followers } from '#event-store';
import { Module } from '@nestjs/common';
import { EventsController } from './events.controller.js';
import { BusOutbox } from './read-model/bus-outbox.js';
import { NotificationReader } from './read-model/notification.reader.js';
import { notifications } from './read-model/notifications.projection.js';
import { RelayPace } from './relay-pace.js';
import { EventStreams } from './stream-events/event-streams.js';
import { NewsFeed } from './stream-events/news-feed.js';
import { BusRelay } from './tell-siblings/bus-relay.js';

@Module({
  controllers: [EventsController],
  providers: [RelayPace, BusOutbox, NotificationReader, BusRelay, NewsFeed, EventStreams],
})
export class RelayModule {
  constructor(followers: Followers) {
    followers.project(notifications);
  }
}
