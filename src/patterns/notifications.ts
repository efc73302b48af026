import { Notification } from '#kernel';

interface Concluded {
  readonly pattern_id: string;
  readonly pattern_type: 'success' | 'failure' | 'optimization';
  /** 0..1, after the event that changed it. */
  readonly confidence: number;
  /** Executions behind it. */
  readonly sample_count: number;
}

/** `memory.pattern.learned`: a pattern became active. */
export class PatternLearned extends Notification<Concluded> {
  readonly type = 'memory.pattern.learned';
}

/** `memory.pattern.confidence_changed`: the confidence moved by .05 or more since it was last told. */
export class PatternConfidenceChanged extends Notification<Concluded> {
  readonly type = 'memory.pattern.confidence_changed';
}

/** `memory.pattern.demoted`: an active pattern no longer is. */
export class PatternDemoted extends Notification<Concluded> {
  readonly type = 'memory.pattern.demoted';
}

/** `memory.pattern.matched`: a recorded context served a pattern. */
export class PatternMatched extends Notification<{
  readonly pattern_id: string;
  readonly suggestion_id: string;
  readonly task_id: string;
  readonly confidence: number;
}> {
  readonly type = 'memory.pattern.matched';
}
