import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Noted } from './noted.js';

/** Where a notification goes. */
export interface Receiver {
  readonly url: string;
  readonly secret: string;
}

/** A webhook that this process alone delivers to, for a while. */
export interface Claimed extends Receiver {
  readonly namespace: string;
  readonly id: string;
  readonly types: readonly string[] | null;
  /** Of the last notification that it has passed. */
  readonly number: number;
  /** That failed for the next one. */
  readonly attempts: number;
  readonly claim: string;
}

const OURS = 'webhook.namespace = $1 and webhook.id = $2 and webhook.claim = $3';
const MS = `* interval '1 millisecond'`;

/** Which webhook has come how far, and who is at it. Nothing is sent inside of a transaction. */
@Injectable()
export class WebhookOutbox {
  constructor(private readonly database: Database) {}

  /** Up to `limit` that have something to hear, so that no other process delivers to them. */
  claim(limit: number, leaseMs: number): Promise<Claimed[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<Claimed>(
        `with due as (
           select webhook.namespace, webhook.id
             from es.webhook as webhook
            where webhook.due_at <= clock_timestamp()
              and exists (select 1 from es.notification as notice
                           where notice.namespace = webhook.namespace
                             and notice.number > webhook.number)
            order by webhook.due_at, webhook.id
            limit $1
              for update skip locked
         )
         update es.webhook as webhook
            set claim = gen_random_uuid(), due_at = clock_timestamp() + $2 ${MS}
           from due
          where webhook.namespace = due.namespace and webhook.id = due.id
         returning webhook.namespace, webhook.id, webhook.url, webhook.types, webhook.secret,
                   webhook.number::float8 as number, webhook.attempts, webhook.claim`,
        [limit, leaseMs],
      ),
    );
  }

  /** Notes that it arrived, and goes on for another while; false when it is not ours any more. */
  delivered(webhook: Claimed, { number }: Noted, leaseMs: number): Promise<boolean> {
    return this.settle(
      webhook,
      `number = $4, attempts = 0, error = null, delivered_at = clock_timestamp(),
       due_at = clock_timestamp() + $5 ${MS}`,
      [number, leaseMs],
    );
  }

  /** Lets go of it until it is time for another attempt. */
  async postpone(webhook: Claimed, error: string, pauseMs: number): Promise<void> {
    await this.settle(
      webhook,
      `attempts = webhook.attempts + 1, error = $4, claim = null,
       due_at = clock_timestamp() + $5 ${MS}`,
      [error, pauseMs],
    );
  }

  /** Lets go of it; whoever comes next goes on after `number`. */
  async release(webhook: Claimed, number: number): Promise<void> {
    await this.settle(
      webhook,
      'number = greatest(webhook.number, $4), claim = null, due_at = clock_timestamp()',
      [number],
    );
  }

  /** Sets a notification aside after so many attempts, and lets go of the webhook. */
  async giveUp(webhook: Claimed, noted: Noted, attempts: number, error: string): Promise<void> {
    const { namespace, id, claim } = webhook;
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `with passed as (
           update es.webhook as webhook
              set number = $4, attempts = 0, error = $5, claim = null, due_at = clock_timestamp()
            where ${OURS}
           returning webhook.namespace, webhook.id
         )
         insert into es.webhook_letter
                (namespace, webhook_id, notification_id, number, attempts, error, parked_at)
         select passed.namespace, passed.id, $6, $4, $7, $5, clock_timestamp() from passed
         on conflict do nothing`,
        [namespace, id, claim, noted.number, error, noted.event.id, attempts],
      ),
    );
  }

  private async settle(
    { namespace, id, claim }: Claimed,
    set: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query(`update es.webhook as webhook set ${set} where ${OURS} returning 1`, [
        namespace,
        id,
        claim,
        ...values,
      ]),
    );
    return rows.length > 0;
  }
}
