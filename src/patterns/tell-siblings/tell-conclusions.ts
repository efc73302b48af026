import { Followers, type Step, type Worker } from '#event-store';
import { Injectable } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { PatternConfidenceChanged, PatternDemoted, PatternLearned } from '../notifications.js';
import { learnerProjection } from '../read-model/learner.projection.js';
import { NotificationOutbox, type Untold } from '../read-model/notification.outbox.js';

const CLASSES = {
  'memory.pattern.learned': PatternLearned,
  'memory.pattern.confidence_changed': PatternConfidenceChanged,
  'memory.pattern.demoted': PatternDemoted,
};

/** Tells sibling modules what the learner concluded, after it was committed. */
@Injectable()
export class TellConclusions implements Worker {
  readonly name = 'tell-conclusions';

  constructor(
    private readonly outbox: NotificationOutbox,
    private readonly events: EventBus,
    followers: Followers,
  ) {
    followers.employ(this, learnerProjection.name);
  }

  async step(): Promise<Step> {
    const applied = await this.outbox.handOver((untold) => {
      this.tell(untold);
    });

    return { checkpoint: 0n, applied };
  }

  private tell({ id, namespace, type, pattern_id, data }: Untold): void {
    this.events.publish(new CLASSES[type](id, namespace, { pattern_id, ...data }));
  }
}
