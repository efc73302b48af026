import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import {
  MOST_WEBHOOKS,
  tooManyWebhooks,
  unknownLetter,
  unknownWebhook,
} from '../domain/relay.errors.js';
import type { Receiver } from './webhook.outbox.js';

/** What an admin says of a webhook. */
export interface NewWebhook extends Receiver {
  readonly id: string;
  readonly types: readonly string[] | null;
}

/**
 * The webhooks of a tenant, and their dead letters. They are settings, with a secret among them, and
 * not in the log, which would keep it for ever.
 */
@Injectable()
export class WebhookTable {
  constructor(private readonly database: Database) {}

  /**
   * Registers a webhook, which hears what is told from now on; one that is there stays as it is.
   * @throws DomainError `webhook.too_many`
   */
  async add(namespace: string, { id, url, types, secret }: NewWebhook): Promise<void> {
    await this.database.within(namespace, async (sql) => {
      await sql.query(`select pg_advisory_xact_lock(hashtext('webhooks of ' || $1))`, [namespace]);
      const [known] = await sql.query<{ others: number; is_there: boolean }>(
        `select count(*)::int as others, coalesce(bool_or(webhook.id = $2), false) as is_there
           from es.webhook as webhook where webhook.namespace = $1`,
        [namespace, id],
      );
      if (known?.is_there) return;
      if ((known?.others ?? 0) >= MOST_WEBHOOKS) throw tooManyWebhooks();
      await sql.query(
        `insert into es.webhook
                (namespace, id, url, types, secret, created_at, number, due_at)
         select $1, $2, $3, $4, $5, clock_timestamp(), head.number, clock_timestamp()
           from es.notification_head as head`,
        [namespace, id, url, types, secret],
      );
    });
  }

  /** Its dead letters go with it. @throws DomainError `webhook.unknown` */
  async remove(namespace: string, id: string): Promise<void> {
    await this.database.within(namespace, async (sql) => {
      const gone = await sql.query(
        `delete from es.webhook as webhook
          where webhook.namespace = $1 and webhook.id = $2 returning 1`,
        [namespace, id],
      );
      if (gone.length === 0) throw unknownWebhook(id);
    });
  }

  /** All of them, and what they, and whoever listens to the stream, could still be told. */
  async removeAll(namespace: string): Promise<void> {
    await this.database.as('omoi_owner', async (sql) => {
      // First the webhooks: their dead letters, which hold notifications, go with them.
      for (const table of ['es.webhook', 'es.notification']) {
        await sql.query(`delete from ${table} where namespace = $1`, [namespace]);
      }
    });
  }

  /** Where a dead letter has to go. @throws DomainError `webhook.unknown` */
  async receiver(namespace: string, id: string): Promise<Receiver> {
    const [found] = await this.database.within(namespace, (sql) =>
      sql.query<Receiver>(
        `select webhook.url, webhook.secret from es.webhook as webhook
          where webhook.namespace = $1 and webhook.id = $2`,
        [namespace, id],
      ),
    );
    if (!found) throw unknownWebhook(id);

    return found;
  }

  /** @throws DomainError `dead_letter.unknown` */
  async forgetLetter(namespace: string, id: string, notificationId: string): Promise<void> {
    await this.letter(namespace, id, notificationId, (sql, which) =>
      sql.query(`delete from es.webhook_letter as letter where ${WHICH} returning 1`, which),
    );
  }

  /** One more attempt that failed. @throws DomainError `dead_letter.unknown` */
  async failedAgain(
    namespace: string,
    id: string,
    notificationId: string,
    error: string,
  ): Promise<void> {
    await this.letter(namespace, id, notificationId, (sql, which) =>
      sql.query(
        `update es.webhook_letter as letter set attempts = letter.attempts + 1, error = $4
          where ${WHICH} returning 1`,
        [...which, error],
      ),
    );
  }

  private async letter(
    namespace: string,
    id: string,
    notificationId: string,
    work: (sql: Sql, which: readonly string[]) => Promise<object[]>,
  ): Promise<void> {
    const found = await this.database.within(namespace, (sql) =>
      work(sql, [namespace, id, notificationId]),
    );
    if (found.length === 0) throw unknownLetter(notificationId);
  }
}

const WHICH = `letter.namespace = $1 and letter.webhook_id = $2 and letter.notification_id = $3`;
