import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { StoreBatchResponse } from './store-batch.response.js';

/** Stores executions in their order, each alone: one that is refused stops no other. */
export class StoreBatch extends Command<Answer<StoreBatchResponse>> {
  constructor(
    readonly caller: Caller,
    readonly executions: readonly unknown[],
  ) {
    super();
  }
}
