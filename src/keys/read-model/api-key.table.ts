import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import { revokedKey, unknownKey } from '../domain/keys.errors.js';
import type { Scope } from '../domain/scopes.js';
import { API_KEY, type ApiKeyResponse } from './api-key.response.js';

/** What an admin says of a key, and the hash of its text. */
export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly scopes: readonly Scope[];
  readonly ratePerMinute: number;
  readonly expiresAt: string | null;
  readonly hash: string;
}

/** Another text for the same key. */
interface Rotation {
  /** The same for all who wish it under one key, so that it is fulfilled once. */
  readonly id: string;
  readonly hash: string;
}

/** A key, and whether it was changed now. */
interface Changed {
  readonly key: ApiKeyResponse;
  readonly isNew: boolean;
}

/** API keys. They are settings, with a secret among them, and not in the log, which would keep it. */
@Injectable()
export class ApiKeyTable {
  constructor(private readonly database: Database) {}

  /** One that is there stays as it is. */
  add(key: NewApiKey): Promise<Changed> {
    return this.database.as('omoi_projector', async (sql) => {
      const added = await sql.query(
        `insert into es.api_key
                (id, name, namespace, scopes, rate_limit_per_minute, expires_at, hash, rotation,
                 created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $1, clock_timestamp())
         on conflict do nothing
         returning 1`,
        [key.id, key.name, key.namespace, key.scopes, key.ratePerMinute, key.expiresAt, key.hash],
      );
      return { key: await one(sql, key.id), isNew: added.length > 0 };
    });
  }

  /** The old text is good for nothing from then on. @throws DomainError `api_key.unknown`, `api_key.revoked` */
  rotate(id: string, rotation: Rotation): Promise<Changed> {
    return this.database.as('omoi_projector', async (sql) => {
      const rotated = await sql.query(
        `update es.api_key as key set hash = $2, rotation = $3
          where key.id = $1 and key.rotation <> $3 and key.revoked_at is null
         returning 1`,
        [id, rotation.hash, rotation.id],
      );
      const key = await one(sql, id);
      if (key.revoked_at !== null) throw revokedKey(id);
      return { key, isNew: rotated.length > 0 };
    });
  }

  /** One that is revoked stays as it is. @throws DomainError `api_key.unknown` */
  revoke(id: string): Promise<ApiKeyResponse> {
    return this.database.as('omoi_projector', async (sql) => {
      await sql.query(
        `update es.api_key as key set revoked_at = clock_timestamp()
          where key.id = $1 and key.revoked_at is null`,
        [id],
      );
      return one(sql, id);
    });
  }

  /** All keys that are good for this namespace alone. */
  async revokeOf(namespace: string): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update es.api_key as key set revoked_at = clock_timestamp()
          where key.namespace = $1 and key.revoked_at is null`,
        [namespace],
      ),
    );
  }

  /** That it is used now; at most once a minute, whoever of all nodes comes first. */
  async noteUse(id: string): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        `update es.api_key as key set last_used_at = clock_timestamp()
          where key.id = $1
            and (key.last_used_at is null
                 or key.last_used_at <= clock_timestamp() - interval '1 minute')`,
        [id],
      ),
    );
  }
}

async function one(sql: Sql, id: string): Promise<ApiKeyResponse> {
  const [key] = await sql.query<ApiKeyResponse>(
    `select ${API_KEY} from es.api_key as key where key.id = $1`,
    [id],
  );
  if (!key) throw unknownKey(id);

  return key;
}
