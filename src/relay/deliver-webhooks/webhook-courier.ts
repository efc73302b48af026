import { Followers, type Step, type Worker } from '#event-store';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { OUTBOX_WRITERS } from '../outbox-writers.js';
import type { Noted } from '../read-model/noted.js';
import { NotificationReader } from '../read-model/notification.reader.js';
import { WebhookOutbox, type Claimed } from '../read-model/webhook.outbox.js';
import { RelayPace } from '../relay-pace.js';
import { WebhookPost } from '../webhook-post.js';

/** To how many webhooks one process delivers at once: a slow one holds back none but itself. */
const MOST_AT_ONCE = 16;
const PAGE = 20;
/** How much longer than an attempt a claim holds, in ms: who died with it is followed by another. */
const MARGIN = 5_000;

/** Delivers to webhooks: to each in order, at least once. */
@Injectable()
export class WebhookCourier implements Worker, BeforeApplicationShutdown {
  readonly name = 'webhooks';
  private readonly logger = new Logger(WebhookCourier.name);
  private readonly stopping = new AbortController();
  private readonly underway = new Set<Promise<void>>();

  constructor(
    private readonly outbox: WebhookOutbox,
    private readonly notifications: NotificationReader,
    private readonly post: WebhookPost,
    private readonly pace: RelayPace,
    private readonly followers: Followers,
  ) {
    followers.employ(this, ...OUTBOX_WRITERS);
  }

  async step(): Promise<Step> {
    const free = MOST_AT_ONCE - this.underway.size;
    const claimed = free > 0 ? await this.outbox.claim(free, this.lease) : [];
    for (const webhook of claimed) {
      if (this.stopping.signal.aborted) await this.outbox.release(webhook, 0);
      else this.begin(webhook);
    }

    return { checkpoint: 0n, applied: claimed.length };
  }

  giveUp(): void {
    this.stopping.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    while (this.underway.size > 0) await Promise.all(this.underway);
  }

  private get lease(): number {
    return this.pace.timeout + MARGIN;
  }

  private begin(webhook: Claimed): void {
    const run = this.deliverTo(webhook)
      .catch((error: unknown) => {
        // The claim ends by itself, and then somebody goes on.
        this.logger.warn(`The webhook ${webhook.id} waits: ${(error as Error).message}`);
      })
      .finally(() => {
        this.underway.delete(run);
        this.followers.wake(this);
      });
    this.underway.add(run);
  }

  private async deliverTo(webhook: Claimed): Promise<void> {
    const { namespace, types, number: after } = webhook;
    const { items, to } = await this.notifications.page({ namespace, types, after }, PAGE);
    let failed = webhook.attempts;
    for (const noted of items) {
      if (!(await this.deliver(webhook, noted, failed))) return;
      failed = 0;
    }
    await this.outbox.release(webhook, to);
  }

  /** Whether it goes on with the next. */
  private async deliver(webhook: Claimed, noted: Noted, failed: number): Promise<boolean> {
    const { signal } = this.stopping;
    const error = await this.post.send(webhook, noted.event, signal);
    if (error === null) return this.outbox.delivered(webhook, noted, this.lease);
    const attempts = failed + 1;
    if (signal.aborted) await this.outbox.release(webhook, 0);
    else if (attempts < this.pace.attempts) {
      const pause = this.pace.firstRetry * 2 ** failed;
      await this.outbox.postpone(webhook, error, pause);
    } else {
      this.logger.warn(`The webhook ${webhook.id} did not take ${noted.event.id}: ${error}`);
      await this.outbox.giveUp(webhook, noted, attempts, error);
    }
    return false;
  }
}
