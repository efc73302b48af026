import { ownCaller } from '#kernel';
import { fit } from '#rest';
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { CaughtUp } from './learn/caught-up.js';
import { Predict } from './predict/predict.query.js';
import { predictRequest } from './predict/predict.request.js';
import { PatternReader, type PatternFilter } from './read-model/pattern.reader.js';
import type { PatternResponse } from './read-model/pattern.response.js';

/** A pattern as sibling modules see it. */
export interface TaskPattern {
  readonly patternId: string;
  /** `optimization`: succeeds faster, or cheaper, than others of its type. */
  readonly patternType: 'success' | 'failure' | 'optimization';
  /** A regex: which types, or which tasks, it is about. */
  readonly taskTypePattern: string;
  /** `candidate`: not proven yet. */
  readonly status: 'candidate' | 'active' | 'retired';
  readonly successIndicators: readonly string[];
  readonly failureIndicators: readonly string[];
  readonly recommendedContext: Readonly<Record<string, unknown>>;
  /** How probable it is that the claim holds for the next execution, 0..1. */
  readonly confidenceScore: number;
  /** Recorded contexts that served it. */
  readonly usageCount: number;
}

export interface PatternSearch {
  /** A type, or the very regex of a pattern (`implement_.*`). */
  readonly taskType?: string;
  readonly patternType?: 'success' | 'failure' | 'optimization';
  /** At least 1; 10 when left out. */
  readonly limit?: number;
  /** The tenant; `default` when left out. */
  readonly namespace?: string;
}

export interface PredictionAsked {
  readonly taskType: string;
  readonly agentId?: string;
  readonly taskId?: string;
  readonly taskDescription?: string;
  readonly namespace?: string;
}

/** All 0..1; the interval is one of 90 %. */
export interface Prediction {
  readonly probability: number;
  readonly interval: { readonly low: number; readonly high: number };
  /** What it rests on, in sentences with their numbers. */
  readonly basis: readonly string[];
}

const USUAL_LIMIT = 10;
const IN_SERVICE: PatternFilter['statuses'] = ['candidate', 'active'];

/** What sibling modules may ask of patterns. It only reads. */
@Injectable()
export class PatternsFacade {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
    private readonly queries: QueryBus,
  ) {}

  /** Candidates and active patterns, the surest first. */
  async searchPatterns({
    taskType,
    patternType,
    limit = USUAL_LIMIT,
    namespace = 'default',
  }: PatternSearch = {}): Promise<TaskPattern[]> {
    const matching = taskType === undefined ? null : { taskType, line: taskType };
    const filter = {
      matching,
      patternType: patternType ?? null,
      statuses: IN_SERVICE,
      minConfidence: 0,
      isFlagged: null,
      parent: null,
    };

    return this.find(namespace, filter, limit);
  }

  /** Every pattern whose regex matches `description` with at least this confidence, 0..1. */
  async findMatchingPatterns(
    description: string,
    minConfidence = 0.5,
    namespace = 'default',
  ): Promise<TaskPattern[]> {
    const matching = { taskType: description, line: description };
    const filter = {
      matching,
      patternType: null,
      statuses: IN_SERVICE,
      minConfidence,
      isFlagged: null,
      parent: null,
    };

    return this.find(namespace, filter, Infinity);
  }

  /** How likely the next execution of such a task succeeds. */
  async predict({ namespace = 'default', ...asked }: PredictionAsked): Promise<Prediction> {
    const request = fit(predictRequest, {
      task_type: asked.taskType,
      agent_id: asked.agentId,
      task_id: asked.taskId,
      task_description: asked.taskDescription,
    });

    return this.queries.execute(new Predict(ownCaller(namespace), request));
  }

  private async find(
    namespace: string,
    filter: PatternFilter,
    limit: number,
  ): Promise<TaskPattern[]> {
    await this.caughtUp.withWords();
    const found = await this.patterns.list(ownCaller(namespace).namespace, filter, null, limit);

    return found.map(asTaskPattern);
  }
}

const asTaskPattern = (pattern: PatternResponse): TaskPattern => ({
  patternId: pattern.pattern_id,
  patternType: pattern.pattern_type,
  taskTypePattern: pattern.task_type_pattern,
  status: pattern.status,
  successIndicators: pattern.success_indicators,
  failureIndicators: pattern.failure_indicators,
  recommendedContext: pattern.recommended_context,
  confidenceScore: pattern.confidence_score,
  usageCount: pattern.usage_count,
});
