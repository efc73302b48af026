import { Followers, type Step, type Worker } from '#event-store';
import type { CloudEvent, Notification } from '#kernel';
import { ContextSuggested, MemoryEmbeddingFailed, MemoryStored } from '#memory';
import {
  PatternConfidenceChanged,
  PatternDemoted,
  PatternLearned,
  PatternMatched,
} from '#patterns';
import { Injectable } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import type { NotificationType } from '../domain/notification-types.js';
import { OUTBOX_WRITERS } from '../outbox-writers.js';
import { BusOutbox } from '../read-model/bus-outbox.js';

type NotificationClass = new (event: CloudEvent<never>) => Notification<object>;

const CLASSES: Readonly<Record<NotificationType, NotificationClass>> = {
  'memory.stored': MemoryStored,
  'memory.context.suggested': ContextSuggested,
  'memory.embedding.failed': MemoryEmbeddingFailed,
  'memory.pattern.learned': PatternLearned,
  'memory.pattern.confidence_changed': PatternConfidenceChanged,
  'memory.pattern.demoted': PatternDemoted,
  'memory.pattern.matched': PatternMatched,
};

/** Tells sibling modules on the event bus, after the commit, at least once and in order. */
@Injectable()
export class BusRelay implements Worker {
  readonly name = 'event-bus';

  constructor(
    private readonly outbox: BusOutbox,
    private readonly events: EventBus,
    followers: Followers,
  ) {
    followers.employ(this, ...OUTBOX_WRITERS);
  }

  async step(): Promise<Step> {
    const applied = await this.outbox.handOver(({ event }) => {
      // A newer process over the same database may write what this one has no name for.
      const known = CLASSES[event.type as NotificationType] as NotificationClass | undefined;
      if (known) this.events.publish(new known(event as CloudEvent<never>));
    });

    return { checkpoint: 0n, applied };
  }
}
