import type { Caller } from '#kernel';
import type { KnownTask } from '#tasks';
import { Query } from '@nestjs/cqrs';
import type { SuggestContextResponse } from './suggest-context.response.js';

/** What patterns say about a task that is about to begin. */
export interface MatchedPatterns {
  /** The surest first. */
  readonly matching: SuggestContextResponse['matching_patterns'];
  readonly warnings: SuggestContextResponse['warnings'];
  /** Why each of those was chosen, in a sentence without anybody's words; by pattern_id. */
  readonly rules: Readonly<Record<string, string>>;
  /** Which learner they come from. */
  readonly learnerVersion: number;
}

/** Asks for the patterns that match a task. Memory knows no patterns: a room above answers. */
export class MatchPatterns extends Query<MatchedPatterns> {
  constructor(
    readonly caller: Caller,
    readonly task: KnownTask,
  ) {
    super();
  }
}
