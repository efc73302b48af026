import { MatchPatterns, type MatchedPatterns } from '#memory';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { lineOf } from '../domain/key.js';
import { CaughtUp } from '../learn/caught-up.js';
import { LEARNER_VERSION } from '../read-model/learner.projection.js';
import { PatternReader } from '../read-model/pattern.reader.js';
import { adviceFrom } from './advice-from-patterns.js';

/** What the patterns say about a task that is about to begin. */
@QueryHandler(MatchPatterns)
export class MatchPatternsHandler implements IQueryHandler<MatchPatterns> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
  ) {}

  async execute({ caller, task }: MatchPatterns): Promise<MatchedPatterns> {
    await this.caughtUp.withWords();
    const { type: taskType, description } = task;
    const matching = { taskType, line: lineOf(taskType, description) };
    const found = await this.patterns.all(caller.namespace, {
      matching,
      patternType: null,
      statuses: ['candidate', 'active'],
      minConfidence: 0,
      isFlagged: null,
      parent: null,
    });

    return { ...adviceFrom(found), learnerVersion: LEARNER_VERSION };
  }
}
