import { Clock, SystemClock } from '#kernel';
import { Global, Module } from '@nestjs/common';
import { CommandKeys } from './command-keys.js';
import { DeadLetters } from './dead-letters.js';
import { ErasedFiles } from './erased-files.js';
import { Erasures } from './erasures.js';
import { EventBrowser } from './event-browser.js';
import { EventCatalog } from './event-catalog.js';
import { EventStore } from './event-store.js';
import { ExpiredKeys } from './expired-keys.js';
import { Followers } from './followers.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { Projections } from './projections.js';
import { ErasedVersions } from './rebuild/erased-versions.js';
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
    ErasedVersions,
    Erasures,
    ErasedFiles,
    ExpiredKeys,
    CommandKeys,
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
    CommandKeys,
    Followers,
    Erasures,
    Rebuilds,
    DeadLetters,
    EventBrowser,
    Projections,
  ],
})
export class EventStoreModule {}
