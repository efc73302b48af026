import { EventStore } from '#event-store';
import { DomainError, type Caller } from '#kernel';
import { Phases } from '#phases';
import { problemFor, problemOf, type Answer } from '#rest';
import { Tasks } from '#tasks';
import { Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { erasedMemory } from '../domain/memory.errors.js';
import { Memories } from '../memories.js';
import { ExecutionWriter } from '../store-execution/execution-writer.js';
import { BatchRun, type Outcome } from './batch-run.js';
import { remember, retell, type RememberedBatch } from './remembered-batch.js';
import { StoreBatch } from './store-batch.command.js';
import type { BatchOutcome, StoreBatchResponse } from './store-batch.response.js';

@CommandHandler(StoreBatch)
export class StoreBatchHandler implements ICommandHandler<StoreBatch> {
  private readonly logger = new Logger(StoreBatchHandler.name);

  constructor(
    private readonly store: EventStore,
    private readonly phases: Phases,
    private readonly tasks: Tasks,
    private readonly writer: ExecutionWriter,
    private readonly memories: Memories,
  ) {}

  async execute({ caller, executions }: StoreBatch): Promise<Answer<StoreBatchResponse>> {
    const keys = caller.key ? [caller.key] : [];
    const phases = await this.phases.transitions();
    const earlier = await this.store.recall(caller.namespace, keys);
    if (earlier) {
      const body = retell(earlier as RememberedBatch, executions, phases);
      return { body: await this.withoutErased(caller, body), repeated: true };
    }
    const run = new BatchRun(caller, phases, this.tasks, this.writer);
    const outcomes = await run.storeAll(executions);
    await this.writer.readable(latest(outcomes));
    const body = { items: outcomes.map((outcome) => this.served(outcome, caller.requestId)) };
    // What may succeed when it is sent again is no answer to remember.
    const isFinal = body.items.every(({ status }) => status < 500);
    if (keys.length === 0 || !isFinal) return { body, repeated: false };

    // The same request at the same time may have answered first: then its answer is the answer.
    const answer = { caller, writes: [], keys, causationId: null };
    const { result, repeated } = await this.store.append({
      ...answer,
      result: remember(body, caller.requestId),
    });
    return { body: retell(result, executions, phases), repeated };
  }

  /** What was answered first, but for the memories that were erased since. */
  private async withoutErased(
    caller: Caller,
    { items }: StoreBatchResponse,
  ): Promise<StoreBatchResponse> {
    const ids = items.flatMap((item) => ('memory_id' in item ? [item.memory_id] : []));
    const erased = await this.memories.erasedAmong(caller, ids);

    return {
      items: items.map((item) =>
        'memory_id' in item && erased.has(item.memory_id)
          ? this.served(erasedMemory(item.memory_id), caller.requestId)
          : item,
      ),
    };
  }

  private served(outcome: Outcome, requestId: string): BatchOutcome {
    if (!(outcome instanceof Error)) {
      return { status: outcome.isNew ? 201 : 200, memory_id: outcome.memory_id };
    }
    if (outcome instanceof DomainError) {
      const problem = problemOf(outcome, requestId);
      return { status: problem.status, problem };
    }
    this.logger.error(outcome.stack);
    const detail = 'Something went wrong here; the log has the reason under this request id.';
    const failed = { status: 500, code: 'service.failed', detail };
    return { status: 500, problem: problemFor(failed, requestId) };
  }
}

const latest = (outcomes: readonly Outcome[]): bigint =>
  outcomes.reduce(
    (last, outcome) =>
      !(outcome instanceof Error) && outcome.position > last ? outcome.position : last,
    0n,
  );
