import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { unknownWebhook } from '../domain/relay.errors.js';
import { notedOf, SELECT_NOTED, type Noted, type NotedRow } from './noted.js';
import type { WebhookLetterResponse, WebhookResponse } from './webhook.response.js';

/** Where a page of webhooks begins: after this one. */
export type WebhookKey = readonly [created_at: string, id: string];

/** Webhooks as their admin sees them: never their secret. */
@Injectable()
export class WebhookReader {
  constructor(private readonly database: Database) {}

  /** Oldest first, `limit` at most, beginning after `after`. */
  list(namespace: string, after: WebhookKey | null, limit: number): Promise<WebhookResponse[]> {
    return this.database.within(namespace, (sql) =>
      sql.query<WebhookResponse>(
        `select webhook.id as webhook_id, webhook.url, webhook.types,
                case when webhook.attempts > 0 then 'retrying' else 'active' end as status,
                webhook.number::float8 as checkpoint,
                (select count(*)::int from es.notification as notice
                  where notice.namespace = webhook.namespace and notice.number > webhook.number
                    and (webhook.types is null or notice.type = any(webhook.types))) as lag,
                webhook.attempts as failures,
                (select count(*)::int from es.webhook_letter as letter
                  where letter.namespace = webhook.namespace
                    and letter.webhook_id = webhook.id) as dead_letters,
                webhook.error as last_error, es.iso(webhook.created_at) as created_at,
                es.iso(webhook.delivered_at) as delivered_at
           from es.webhook as webhook
          where webhook.namespace = $1
            and ($2::timestamptz is null or (webhook.created_at, webhook.id) > ($2, $3::uuid))
          order by webhook.created_at, webhook.id
          limit $4`,
        [namespace, ...(after ?? [null, null]), limit],
      ),
    );
  }

  /** In the order in which they were told, beginning after `after`. @throws DomainError `webhook.unknown` */
  letters(
    namespace: string,
    id: string,
    after: number | null,
    limit: number,
  ): Promise<WebhookLetterResponse[]> {
    return this.database.within(namespace, async (sql) => {
      const known = await sql.query(
        'select 1 from es.webhook as webhook where webhook.namespace = $1 and webhook.id = $2',
        [namespace, id],
      );
      if (known.length === 0) throw unknownWebhook(id);
      return sql.query<WebhookLetterResponse>(
        `select letter.notification_id, notice.type, notice.subject,
                letter.number::float8 as number, letter.attempts, letter.error,
                es.iso(letter.parked_at) as parked_at
           from es.webhook_letter as letter
           join es.notification as notice on notice.id = letter.notification_id
          where letter.namespace = $1 and letter.webhook_id = $2
            and ($3::bigint is null or letter.number > $3)
          order by letter.number
          limit $4`,
        [namespace, id, after, limit],
      );
    });
  }

  /** What a dead letter has to say; null when there is no such letter. */
  async letter(namespace: string, id: string, notificationId: string): Promise<Noted | null> {
    const [row] = await this.database.within(namespace, (sql) =>
      sql.query<NotedRow>(
        `${SELECT_NOTED}
           join es.webhook_letter as letter on letter.notification_id = notice.id
          where letter.namespace = $1 and letter.webhook_id = $2 and letter.notification_id = $3`,
        [namespace, id, notificationId],
      ),
    );
    return row ? notedOf(row) : null;
  }
}
