import { Query } from '@nestjs/cqrs';
import type { Phase } from '../domain/phase.events.js';

/** Every phase, in order. */
export class GetPhases extends Query<{ items: Phase[]; next_cursor: null }> {}

/** One phase. @throws DomainError `phase.unknown` */
export class GetPhase extends Query<Phase> {
  constructor(readonly id: string) {
    super();
  }
}

/** Whether a task may go from one phase to another. @throws DomainError `phase.unknown` */
export class CanTransition extends Query<{ allowed: boolean }> {
  constructor(
    readonly from: string,
    readonly to: string,
  ) {
    super();
  }
}
