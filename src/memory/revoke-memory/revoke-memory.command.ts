import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { RevokeMemoryResponse } from './revoke-memory.request.js';

/** Takes a memory back, for good. @throws DomainError `memory.unknown`, `memory.revoked` */
export class RevokeMemory extends Command<Answer<RevokeMemoryResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly reason: string,
  ) {
    super();
  }
}
