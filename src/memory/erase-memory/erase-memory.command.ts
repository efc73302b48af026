import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';

/**
 * A memory and its texts go, from everywhere; it is unknown from then on.
 * @throws DomainError `memory.unknown`, `erasure.under_way`
 */
export class EraseMemory extends Command<void> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}
