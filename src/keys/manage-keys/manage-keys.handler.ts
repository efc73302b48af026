import { EventStore, idUnderKey, once } from '#event-store';
import { Clock, type Caller } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RecentKeys } from '../admit-callers/recent-keys.js';
import { bornExpired } from '../domain/keys.errors.js';
import { hashOf, keyText, newSecret } from '../key-text.js';
import type { ApiKeyResponse } from '../read-model/api-key.response.js';
import { ApiKeyTable } from '../read-model/api-key.table.js';
import { CreateKey, RevokeKey, RevokeKeysOfNamespace, RotateKey } from './manage-keys.command.js';
import type { SecretKeyResponse } from './manage-keys.request.js';

@CommandHandler(CreateKey)
export class CreateKeyHandler implements ICommandHandler<CreateKey> {
  constructor(
    private readonly store: EventStore,
    private readonly keys: ApiKeyTable,
    private readonly clock: Clock,
  ) {}

  execute({ caller, asked }: CreateKey): Promise<Answer<SecretKeyResponse>> {
    const now = this.clock.now();
    const id = idUnderKey('api-key', caller, now);
    const text = keyText(id, newSecret());

    return saidOnce(this.store, caller, text, async () => {
      if (asked.expires_at !== null && new Date(asked.expires_at) <= now) throw bornExpired();

      return this.keys.add({
        id,
        name: asked.name,
        namespace: asked.namespace,
        scopes: asked.scopes,
        ratePerMinute: asked.rate_limit_per_minute,
        expiresAt: asked.expires_at,
        hash: hashOf(text),
      });
    });
  }
}

@CommandHandler(RotateKey)
export class RotateKeyHandler implements ICommandHandler<RotateKey> {
  constructor(
    private readonly store: EventStore,
    private readonly keys: ApiKeyTable,
    private readonly recent: RecentKeys,
    private readonly clock: Clock,
  ) {}

  execute({ caller, id }: RotateKey): Promise<Answer<SecretKeyResponse>> {
    const text = keyText(id, newSecret());
    const rotation = {
      id: idUnderKey('rotation', caller, this.clock.now()),
      hash: hashOf(text),
    };

    return saidOnce(this.store, caller, text, async () => {
      const changed = await this.keys.rotate(id, rotation);
      this.recent.forgetAll();
      return changed;
    });
  }
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(
    private readonly store: EventStore,
    private readonly keys: ApiKeyTable,
    private readonly recent: RecentKeys,
  ) {}

  execute({ caller, id }: RevokeKey): Promise<Answer<ApiKeyResponse>> {
    return once(this.store, caller, async () => {
      const key = await this.keys.revoke(id);
      this.recent.forgetAll();
      return { ...key };
    });
  }
}

@CommandHandler(RevokeKeysOfNamespace)
export class RevokeKeysOfNamespaceHandler implements ICommandHandler<RevokeKeysOfNamespace> {
  constructor(
    private readonly keys: ApiKeyTable,
    private readonly recent: RecentKeys,
  ) {}

  async execute({ caller }: RevokeKeysOfNamespace): Promise<void> {
    await this.keys.revokeOf(caller.namespace);
    this.recent.forgetAll();
  }
}

/** What is remembered under an idempotency key is no place for a secret: who made it is told it. */
async function saidOnce(
  store: EventStore,
  caller: Caller,
  text: string,
  change: () => Promise<{ readonly key: ApiKeyResponse; readonly isNew: boolean }>,
): Promise<Answer<SecretKeyResponse>> {
  const told: { key: string | null } = { key: null };
  const { body, repeated } = await once(store, caller, async () => {
    const { key, isNew } = await change();
    told.key = isNew ? text : null;
    return { ...key };
  });

  return { body: { ...body, ...told }, repeated };
}
