import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { RetirePatternResponse } from './retire-pattern.request.js';

/** Takes a pattern out of service; it goes on counting. @throws DomainError `pattern.unknown` */
export class RetirePattern extends Command<Answer<RetirePatternResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly reason: string | null,
  ) {
    super();
  }
}

/** Puts a retired pattern back, as it stands by now. @throws DomainError `pattern.unknown` */
export class RestorePattern extends Command<Answer<RetirePatternResponse>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly reason: string | null,
  ) {
    super();
  }
}

/** Takes all out of service that somebody asked to be watched for: without evidence too, it is listed. */
export class RetireExtracted extends Command<void> {
  constructor(readonly caller: Caller) {
    super();
  }
}
