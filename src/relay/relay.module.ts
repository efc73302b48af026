import { Followers } from '#event-store';
import { Module } from '@nestjs/common';
import { BusOutbox } from './read-model/bus-outbox.js';
import { NotificationReader } from './read-model/notification.reader.js';
import { notifications } from './read-model/notifications.projection.js';
import { BusRelay } from './tell-siblings/bus-relay.js';

@Module({ providers: [BusOutbox, NotificationReader, BusRelay] })
export class RelayModule {
  constructor(followers: Followers) {
    followers.project(notifications);
  }
}
