import type { Caller } from '#kernel';
import type { Answer } from '#rest';
import { Command } from '@nestjs/cqrs';
import type { ExtractPatternRequest, ExtractPatternResponse } from './extract-pattern.request.js';

/**
 * Watches for the tasks that a regex finds, past and future, as a pattern of its own.
 * @throws DomainError `pattern.bad_regex`, `pattern.insufficient_samples`, `pattern.too_many`
 */
export class ExtractPattern extends Command<Answer<ExtractPatternResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: ExtractPatternRequest,
  ) {
    super();
  }
}
