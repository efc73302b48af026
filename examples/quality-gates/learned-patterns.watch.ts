import { PatternDemoted, PatternLearned } from '#patterns';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';

/** Keeps the ids of the patterns that are active now, by hearing of them. */
@EventsHandler(PatternLearned, PatternDemoted)
export class LearnedPatternsWatch implements IEventHandler<PatternLearned | PatternDemoted> {
  private readonly active = new Set<string>();

  handle({ type, data }: PatternLearned | PatternDemoted): void {
    if (type === 'memory.pattern.learned') this.active.add(data.pattern_id);
    else this.active.delete(data.pattern_id);
  }

  get activePatterns(): readonly string[] {
    return [...this.active];
  }
}
