import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type { Phase } from '../domain/phase.events.js';
import type { ListPhasesQuery } from './get-phases.request.js';

/** Phases, in order. */
export class GetPhases extends Query<Page<Phase>> {
  constructor(readonly asked: ListPhasesQuery) {
    super();
  }
}

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
