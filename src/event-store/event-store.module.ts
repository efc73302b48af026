import { Clock, SystemClock } from '#kernel';
import { Global, Module } from '@nestjs/common';
import { EventCatalog } from './event-catalog.js';
import { EventStore } from './event-store.js';
import { ExpiredKeys } from './expired-keys.js';
import { Followers } from './followers.js';
import { PostgresEventStore } from './postgres-event-store.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    EventCatalog,
    PostgresEventStore,
    { provide: EventStore, useExisting: PostgresEventStore },
    Followers,
    ExpiredKeys,
  ],
  exports: [Clock, EventCatalog, EventStore, Followers],
})
export class EventStoreModule {}
