import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';

/** @throws DomainError `task.unknown`, `task.finished`, `task.transition_not_allowed`, `phase.unknown` */
export class MoveTask extends Command<Answer<{ id: string; phase_id: string; status: 'open' }>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly to: string,
  ) {
    super();
  }
}
