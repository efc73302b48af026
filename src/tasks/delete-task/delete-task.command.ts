import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';

/**
 * The task and its texts go, and its memories with it; the id may be registered anew.
 * @throws DomainError `task.unknown`, `erasure.under_way`
 */
export class DeleteTask extends Command<{ readonly position: bigint }> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    /** Whether it is answered when nothing is left anywhere; else as soon as it cannot be undone. */
    readonly waits = true,
  ) {
    super();
  }
}
