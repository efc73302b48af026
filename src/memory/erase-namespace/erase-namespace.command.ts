import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';

/**
 * All tasks of the caller's namespace go with their memories, then every other text, and the keys under
 * which commands took effect, so that its name can be used anew. It goes in small steps, and covers what
 * was written before it was asked for; what was interrupted is finished by asking again.
 * @throws DomainError `erasure.under_way`
 */
export class EraseNamespace extends Command<void> {
  constructor(readonly caller: Caller) {
    super();
  }
}
