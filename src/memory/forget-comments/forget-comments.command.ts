import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';

/** What people said of the outcomes of some suggestions goes; how it went stays. */
export class ForgetComments extends Command<void> {
  constructor(
    readonly caller: Caller,
    readonly suggestionIds: readonly string[],
    readonly causationId: string,
  ) {
    super();
  }
}
