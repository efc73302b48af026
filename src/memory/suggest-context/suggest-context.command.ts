import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';
import type { ContextAsked } from './suggest-context.request.js';
import type { SuggestContextResponse } from './suggest-context.response.js';

/** What is known that helps with a task about to begin. @throws DomainError `task.unknown` */
export class SuggestContext extends Command<SuggestContextResponse> {
  constructor(
    readonly caller: Caller,
    readonly taskId: string,
    readonly asked: ContextAsked,
    /** Comes when nobody waits for the answer any more; what was recorded by then stays. */
    readonly signal?: AbortSignal,
  ) {
    super();
  }
}
