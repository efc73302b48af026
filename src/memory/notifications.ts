/** What sibling modules can hear with `@EventsHandler`: published after the commit, at least once. */

/** `memory.stored`: an execution was remembered. */
export class MemoryStored {
  readonly type = 'memory.stored';

  constructor(
    readonly namespace: string,
    readonly data: {
      readonly memory_id: string;
      readonly task_id: string;
      readonly success: boolean;
      /** Whether its vector was there when this was sent; it follows within seconds. */
      readonly has_embedding: boolean;
    },
  ) {}
}

/** `memory.context.suggested`: somebody was advised before a task. */
export class ContextSuggested {
  readonly type = 'memory.context.suggested';

  constructor(
    readonly namespace: string,
    readonly data: {
      readonly suggestion_id: string;
      readonly task_id: string;
      readonly similar_count: number;
      readonly pattern_count: number;
    },
  ) {}
}

/** `memory.embedding.failed`: a memory has no vector yet; it is tried again. */
export class MemoryEmbeddingFailed {
  readonly type = 'memory.embedding.failed';

  constructor(
    readonly namespace: string,
    readonly data: { readonly memory_id: string; readonly task_id: string; readonly code: string },
  ) {}
}
