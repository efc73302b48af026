import { ownCaller } from '#kernel';
import { fit } from '#rest';
import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { SearchMemories } from './search-memories/search-memories.query.js';
import { searchMemoriesRequest } from './search-memories/search-memories.request.js';
import { StoreExecution } from './store-execution/store-execution.command.js';
import { storeExecutionRequest } from './store-execution/store-execution.request.js';
import { SuggestContext } from './suggest-context/suggest-context.command.js';
import { contextAsked } from './suggest-context/suggest-context.request.js';
import type { SuggestContextResponse } from './suggest-context/suggest-context.response.js';

/** Every method takes a tenant; `default` when left out. */
interface OfTenant {
  readonly namespace?: string;
}

/** One run of a task, and how it ended. */
export interface ExecutionToStore extends OfTenant {
  readonly taskId: string;
  readonly executionSummary: string;
  readonly success: boolean;
  /** Registers a task that is not known yet. */
  readonly task?: { readonly type: string; readonly description?: string };
  readonly errorPatterns?: Readonly<Record<string, unknown>>;
  /** false: stored and found, never evidence for a pattern. */
  readonly autoExtractPatterns?: boolean;
  /** Your own id: the same one again is the same execution. */
  readonly executionId?: string;
  readonly agentId?: string;
  readonly phaseId?: string;
  readonly tags?: readonly string[];
  readonly tools?: readonly string[];
  readonly durationMs?: number;
  readonly costUsd?: number;
  /** RFC 3339. */
  readonly occurredAt?: string;
  readonly suggestionId?: string;
}

export interface SimilarSearch extends OfTenant {
  readonly taskDescription: string;
  /** 1 to 20; 5 when left out. */
  readonly topK?: number;
  /** A cosine, 0..1; the model's own when left out. */
  readonly similarityThreshold?: number;
  readonly successOnly?: boolean;
}

/** An execution that resembles a text. */
export interface SimilarTask {
  readonly taskId: string;
  readonly memoryId: string;
  readonly summary: string;
  readonly success: boolean;
  /** The cosine, 0..1. */
  readonly similarityScore: number;
  /** How often it was returned before. */
  readonly reusedCount: number;
}

export interface ContextOptions extends OfTenant {
  /** 1 to 10; 3 when left out. */
  readonly topK?: number;
  readonly similarityThreshold?: number;
  /** false: nothing is written, and nothing can be learned from the outcome. */
  readonly record?: boolean;
}

/** Advice before a task. */
export interface TaskContext {
  /** Null when it was not recorded. */
  readonly suggestionId: string | null;
  readonly similarTasks: readonly Omit<SimilarTask, 'success' | 'reusedCount'>[];
  readonly matchingPatterns: readonly {
    readonly patternId: string;
    readonly patternType: 'success' | 'failure' | 'optimization';
    readonly status: 'active' | 'candidate';
    readonly confidence: number;
    readonly says: string;
  }[];
  readonly warnings: readonly {
    readonly text: string;
    readonly patternId: string;
    /** Summaries of what the next success of tasks did that had failed like this. */
    readonly fixes: readonly string[];
  }[];
  readonly recommendations: readonly string[];
  readonly abstained: boolean;
  readonly reason: string | null;
}

/**
 * What sibling modules may ask of memory. Every method refuses as its route does, with a DomainError
 * that names the field as the route spells it.
 */
@Injectable()
export class MemoryFacade {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** Durable when it resolves. @throws DomainError as `POST /memory/store` */
  async storeExecution({
    namespace = 'default',
    ...execution
  }: ExecutionToStore): Promise<{ readonly memoryId: string }> {
    const request = fit(storeExecutionRequest, {
      task_id: execution.taskId,
      execution_summary: execution.executionSummary,
      success: execution.success,
      task: execution.task,
      error_patterns: execution.errorPatterns,
      auto_extract_patterns: execution.autoExtractPatterns,
      execution_id: execution.executionId,
      agent_id: execution.agentId,
      phase_id: execution.phaseId,
      tags: execution.tags,
      tools: execution.tools,
      duration_ms: execution.durationMs,
      cost_usd: execution.costUsd,
      occurred_at: execution.occurredAt,
      suggestion_id: execution.suggestionId,
    });
    const { body } = await this.commands.execute(new StoreExecution(ownCaller(namespace), request));

    return { memoryId: body.memory_id };
  }

  /** Best first, one for each task. @throws DomainError as `POST /memory/search` */
  async searchSimilar({ namespace = 'default', ...asked }: SimilarSearch): Promise<SimilarTask[]> {
    const request = fit(searchMemoriesRequest, {
      task_description: asked.taskDescription,
      top_k: asked.topK,
      similarity_threshold: asked.similarityThreshold,
      success_only: asked.successOnly,
    });
    const { items } = await this.queries.execute(new SearchMemories(ownCaller(namespace), request));

    return items.map((item) => ({
      taskId: item.task_id,
      memoryId: item.memory_id,
      summary: item.summary,
      success: item.success,
      similarityScore: item.similarity_score,
      reusedCount: item.reused_count,
    }));
  }

  /** @throws DomainError `task.unknown` */
  async getContext(taskId: string, asked: ContextOptions = {}): Promise<TaskContext> {
    const { namespace = 'default' } = asked;
    const request = fit(contextAsked, {
      top_k: asked.topK,
      similarity_threshold: asked.similarityThreshold,
      record: asked.record,
    });

    return contextOf(
      await this.commands.execute(new SuggestContext(ownCaller(namespace), taskId, request)),
    );
  }
}

const contextOf = (context: SuggestContextResponse): TaskContext => ({
  suggestionId: context.suggestion_id,
  similarTasks: context.similar_tasks.map(({ task_id, memory_id, summary, similarity }) => ({
    taskId: task_id,
    memoryId: memory_id,
    summary,
    similarityScore: similarity,
  })),
  matchingPatterns: context.matching_patterns.map((pattern) => ({
    patternId: pattern.pattern_id,
    patternType: pattern.pattern_type,
    status: pattern.status,
    confidence: pattern.confidence,
    says: pattern.says,
  })),
  warnings: context.warnings.map(({ text, pattern_id, fixes }) => ({
    text,
    patternId: pattern_id,
    fixes: fixes.map(({ summary }) => summary),
  })),
  recommendations: context.recommendations,
  abstained: context.abstained,
  reason: context.reason,
});
