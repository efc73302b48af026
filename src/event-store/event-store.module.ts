import { Clock, SystemClock } from '#kernel';
import { Global, Module } from '@nestjs/common';
import { DeadLetters } from './dead-letters.js';
import { EventBrowser } from './event-browser.js';
import { EventCatalog } from './event-catalog.js';
import { EventStore } from './event-store.js';
import { ExpiredKeys } from './expired-keys.js';
import { Followers } from './followers.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { Projections } from './projections.js';
import { RebuildWorker } from './rebuild/rebuild-worker.js';
import { Rebuilds } from './rebuild/rebuilds.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    EventCatalog,
    PostgresEventStore,
    { provide: EventStore, useExisting: PostgresEventStore },
    Followers,
    ExpiredKeys,
    RebuildWorker,
    Rebuilds,
    DeadLetters,
    EventBrowser,
    Projections,
  ],
  exports: [
    Clock,
    EventCatalog,
    EventStore,
    Followers,
    Rebuilds,
    DeadLetters,
    EventBrowser,
    Projections,
  ],
})
export class EventStoreModule {}
