import type { StoredEvent } from '#event-store';
import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { StoreExecutionRequest } from './store-execution.request.js';
import type { StoreExecutionResponse } from './store-execution.response.js';

/** Remembers one run of a task. @throws DomainError `task.unknown`, `phase.unknown`, `request.key_reused`, `memory.erased` */
export class StoreExecution extends Command<Answer<StoreExecutionResponse>> {
  constructor(
    readonly caller: Caller,
    readonly execution: StoreExecutionRequest,
    /** The event of its task that this follows from, when a policy asks. */
    readonly because: Pick<StoredEvent, 'id' | 'version'> | null = null,
  ) {
    super();
  }
}
