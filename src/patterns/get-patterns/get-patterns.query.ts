import type { Caller } from '#kernel';
import type { Page } from '#rest';
import { Query } from '@nestjs/cqrs';
import type {
  EvidenceResponse,
  PatternChange,
  PatternResponse,
} from '../read-model/pattern.response.js';
import type {
  BehindPatternQuery,
  ListPatternsQuery,
  OnePatternQuery,
} from './get-patterns.request.js';

/** Patterns, the surest first. */
export class ListPatterns extends Query<Page<PatternResponse>> {
  constructor(
    readonly caller: Caller,
    readonly asked: ListPatternsQuery,
  ) {
    super();
  }
}

/** One pattern. @throws DomainError `pattern.unknown`, also when it was not listed then */
export class GetPattern extends Query<PatternResponse> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: OnePatternQuery = {},
  ) {
    super();
  }
}

/** A pattern and the executions behind it, oldest first. @throws DomainError `pattern.unknown` */
export class GetEvidence extends Query<EvidenceResponse> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: BehindPatternQuery,
  ) {
    super();
  }
}

/** How a pattern came to be, oldest first. @throws DomainError `pattern.unknown` */
export class GetHistory extends Query<Page<PatternChange>> {
  constructor(
    readonly caller: Caller,
    readonly id: string,
    readonly asked: BehindPatternQuery,
  ) {
    super();
  }
}
