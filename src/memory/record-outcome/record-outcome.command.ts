import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { RecordOutcomeRequest, RecordOutcomeResponse } from './record-outcome.request.js';

/** How it went after a suggestion. @throws DomainError `suggestion.unknown`, `suggestion.outcome_recorded` */
export class RecordOutcome extends Command<Answer<RecordOutcomeResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly outcome: RecordOutcomeRequest,
  ) {
    super();
  }
}
