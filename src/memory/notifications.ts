import { Notification } from '#kernel';

/** `memory.stored`: an execution was remembered. */
export class MemoryStored extends Notification<{
  readonly memory_id: string;
  readonly task_id: string;
  readonly success: boolean;
  /** false: its vector follows within seconds. */
  readonly has_embedding: boolean;
}> {
  readonly type = 'memory.stored';
}

/** `memory.context.suggested`: somebody was advised before a task. */
export class ContextSuggested extends Notification<{
  readonly suggestion_id: string;
  readonly task_id: string;
  readonly similar_count: number;
  readonly pattern_count: number;
}> {
  readonly type = 'memory.context.suggested';
}

/** `memory.embedding.failed`: a memory has no vector yet; it is tried again. */
export class MemoryEmbeddingFailed extends Notification<{
  readonly memory_id: string;
  readonly task_id: string;
  readonly code: string;
}> {
  readonly type = 'memory.embedding.failed';
}
