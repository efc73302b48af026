import { Clock, type CloudEvent } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { Receiver } from './read-model/webhook.outbox.js';
import { RelayPace } from './relay-pace.js';
import { signatureOf } from './signature.js';

/** Sends a notification to a receiver: one signed POST, and no redirect is followed. */
@Injectable()
export class WebhookPost {
  constructor(
    private readonly clock: Clock,
    private readonly pace: RelayPace,
  ) {}

  /** Null when it was taken (2xx), else why not: `webhook.answered_500`, `.timed_out`, `.unreachable`. */
  async send(
    { url, secret }: Receiver,
    event: CloudEvent,
    signal?: AbortSignal,
  ): Promise<string | null> {
    const body = JSON.stringify(event);
    const timestamp = String(Math.floor(this.clock.now().getTime() / 1_000));
    const late = AbortSignal.timeout(this.pace.timeout);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'user-agent': 'omoi-memory',
          'webhook-id': event.id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signatureOf(secret, event.id, timestamp, body),
        },
        body,
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      await answer.body?.cancel();
      return answer.ok ? null : `webhook.answered_${String(answer.status)}`;
    } catch {
      return late.aborted ? 'webhook.timed_out' : 'webhook.unreachable';
    }
  }
}
