import type { Caller } from '#kernel';
import { Query } from '@nestjs/cqrs';
import type { SuggestionResponse } from '../read-model/suggestion.response.js';

/** What was suggested, why, and how it went. @throws DomainError `suggestion.unknown` */
export class ExplainSuggestion extends Query<SuggestionResponse> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
  ) {
    super();
  }
}
