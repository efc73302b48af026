import { PatternsFacade, type TaskPattern } from '#patterns';
import { Injectable } from '@nestjs/common';

/** A task that somebody wants to begin. */
export interface PlannedTask {
  readonly taskType: string;
  readonly agentId?: string;
  readonly description?: string;
}

export interface Verdict {
  /** `review`: let somebody look at the result. */
  readonly gate: 'pass' | 'review';
  /** The probability of success, 0..1. */
  readonly quality: number;
  /** What it rests on, in sentences with their numbers. */
  readonly because: readonly string[];
  /** The active patterns of tasks like this one, the surest first. */
  readonly patterns: readonly TaskPattern[];
}

/** Below it somebody should look at what comes out. */
const GOOD_ENOUGH = 0.7;

/** Predicts the quality of a task before it is done, from what was learned of tasks like it. */
@Injectable()
export class QualityGate {
  constructor(private readonly patterns: PatternsFacade) {}

  async predictQuality({ taskType, agentId, description }: PlannedTask): Promise<Verdict> {
    const { probability, interval, basis } = await this.patterns.predict({
      taskType,
      agentId,
      taskDescription: description,
    });
    const found = await this.patterns.searchPatterns({ taskType, limit: 5 });

    return {
      // Not the probability itself: with little evidence the interval is wide, and then one looks.
      gate: interval.low >= GOOD_ENOUGH ? 'pass' : 'review',
      quality: probability,
      because: basis,
      patterns: found.filter(({ status }) => status === 'active'),
    };
  }
}
