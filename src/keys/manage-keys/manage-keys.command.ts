import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { ApiKeyResponse } from '../read-model/api-key.response.js';
import type { CreateKeyRequest, SecretKeyResponse } from './manage-keys.request.js';

/** @throws DomainError `api_key.born_expired` naming `expires_at` */
export class CreateKey extends Command<Answer<SecretKeyResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: CreateKeyRequest,
  ) {
    super();
  }
}

/**
 * Gives a key another text; the old one is refused at once.
 * @throws DomainError `api_key.unknown`, `api_key.revoked`
 */
export class RotateKey extends Command<Answer<SecretKeyResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}

/** It is refused from then on. @throws DomainError `api_key.unknown` */
export class RevokeKey extends Command<Answer<ApiKeyResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}

/** All keys that are good for the caller's namespace alone are refused from then on. */
export class RevokeKeysOfNamespace extends Command<void> {
  constructor(readonly caller: Caller) {
    super();
  }
}
