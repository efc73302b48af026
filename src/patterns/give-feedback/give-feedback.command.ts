import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { GiveFeedbackRequest, GiveFeedbackResponse } from './give-feedback.request.js';

/** Says whether a pattern helped. @throws DomainError `pattern.unknown`, `pattern.retired` */
export class GiveFeedback extends Command<Answer<GiveFeedbackResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: GiveFeedbackRequest,
  ) {
    super();
  }
}
