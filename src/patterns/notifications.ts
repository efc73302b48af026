/** What sibling modules can hear with `@EventsHandler`: published after the commit, at least once. */

interface Concluded {
  readonly pattern_id: string;
  readonly pattern_type: 'success' | 'failure';
  /** 0..1, after the event that changed it. */
  readonly confidence: number;
  /** Executions behind it. */
  readonly sample_count: number;
}

/** `memory.pattern.learned`: a pattern became active. */
export class PatternLearned {
  readonly type = 'memory.pattern.learned';

  constructor(
    /** The same whenever this is told again. */
    readonly id: string,
    readonly namespace: string,
    readonly data: Concluded,
  ) {}
}

/** `memory.pattern.confidence_changed`: the confidence moved by .05 or more since it was last told. */
export class PatternConfidenceChanged {
  readonly type = 'memory.pattern.confidence_changed';

  constructor(
    readonly id: string,
    readonly namespace: string,
    readonly data: Concluded,
  ) {}
}

/** `memory.pattern.demoted`: an active pattern no longer is. */
export class PatternDemoted {
  readonly type = 'memory.pattern.demoted';

  constructor(
    readonly id: string,
    readonly namespace: string,
    readonly data: Concluded,
  ) {}
}

/** `memory.pattern.matched`: a recorded context served a pattern. */
export class PatternMatched {
  readonly type = 'memory.pattern.matched';

  constructor(
    readonly namespace: string,
    readonly data: {
      readonly pattern_id: string;
      readonly suggestion_id: string;
      readonly task_id: string;
      readonly confidence: number;
    },
  ) {}
}
