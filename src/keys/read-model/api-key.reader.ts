import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Scope } from '../domain/scopes.js';
import { API_KEY, type ApiKeyResponse } from './api-key.response.js';

/** Where a page of keys begins: after this one. */
export type ApiKeyKey = readonly [created_at: string, id: string];

/** A key that was not revoked and is not too old, as the door needs it. */
export interface LivingKey {
  readonly id: string;
  readonly hash: string;
  readonly namespace: string | null;
  readonly scopes: readonly Scope[];
  readonly rate_limit_per_minute: number;
  /** Whether its last use was noted less than a minute ago. */
  readonly is_noted: boolean;
}

const LIVING = `key.revoked_at is null
  and (key.expires_at is null or key.expires_at > clock_timestamp())`;

/** Keys as their admin sees them, never their hash; and as they are looked up at the door. */
@Injectable()
export class ApiKeyReader {
  constructor(private readonly database: Database) {}

  /** Null when there is none, or none any more. */
  async living(id: string): Promise<LivingKey | null> {
    const [row] = await this.database.as('omoi_projector', (sql) =>
      sql.query<LivingKey>(
        `select key.id, key.hash, key.namespace, key.scopes, key.rate_limit_per_minute,
                coalesce(key.last_used_at > clock_timestamp() - interval '1 minute', false)
                  as is_noted
           from es.api_key as key
          where key.id = $1 and ${LIVING}`,
        [id],
      ),
    );
    return row ?? null;
  }

  /** Whether one of them can make others. */
  async hasAdminOfService(): Promise<boolean> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `select 1 from es.api_key as key
          where key.namespace is null and 'admin' = any(key.scopes) and ${LIVING}
          limit 1`,
      ),
    );
    return rows.length > 0;
  }

  /** Oldest first, `limit` at most, beginning after `after`; revoked ones too. */
  list(after: ApiKeyKey | null, limit: number): Promise<ApiKeyResponse[]> {
    return this.database.as('omoi_projector', (sql) =>
      sql.query<ApiKeyResponse>(
        `select ${API_KEY}
           from es.api_key as key
          where $1::timestamptz is null or (key.created_at, key.id) > ($1, $2::uuid)
          order by key.created_at, key.id
          limit $3`,
        [...(after ?? [null, null]), limit],
      ),
    );
  }
}
