import { EventStore, Followers, VersionConflict, type Append } from '#event-store';
import { canonicalJson, DomainError, sha256, type Caller, type CommandKey } from '#kernel';
import { noSuchPhase, Phases, type Transitions } from '#phases';
import { fit, problemOf, type Answer } from '#rest';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { ExecutionWriter, type TaskCache } from '../store-execution/execution-writer.js';
import { StoreExecution } from '../store-execution/store-execution.command.js';
import {
  storeExecutionRequest,
  type StoreExecutionRequest,
} from '../store-execution/store-execution.request.js';
import { StoreBatch } from './store-batch.command.js';
import type { BatchItem } from './store-batch.request.js';
import type { BatchOutcome, StoreBatchResponse } from './store-batch.response.js';

interface Stored {
  readonly memory_id: string;
  readonly repeated: boolean;
  readonly position: bigint;
}

type StoreAppend = Append<{ memory_id: string }>;

@CommandHandler(StoreBatch)
export class StoreBatchHandler implements ICommandHandler<StoreBatch> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
    private readonly writer: ExecutionWriter,
    private readonly commands: CommandBus,
  ) {}

  async execute({ caller, items }: StoreBatch): Promise<Answer<StoreBatchResponse>> {
    const keys = caller.key ? [caller.key] : [];
    const earlier = await this.store.recall(caller.namespace, keys);
    if (earlier) return { body: earlier as StoreBatchResponse, repeated: true };

    const outcomes = await this.storeAll(caller, items);
    const positions = outcomes.map((outcome) => ('position' in outcome ? outcome.position : 0n));
    const last = positions.reduce(
      (latest, position) => (position > latest ? position : latest),
      0n,
    );
    await this.followers.passed(last, [taskMemories.name]);
    const result = { items: outcomes.map((outcome) => served(outcome, caller.requestId)) };
    if (keys.length === 0) return { body: result, repeated: false };

    // The same request at the same time may have answered first: then its answer is the answer.
    const answer = { caller, writes: [], keys, result, causationId: null };
    const { result: first, repeated } = await this.store.append(answer);
    return { body: first, repeated };
  }

  /** Hands one after the other to the log, in order, and waits for all of them together. */
  private async storeAll(
    caller: Caller,
    items: readonly BatchItem[],
  ): Promise<(Stored | DomainError)[]> {
    const phases = await this.phases.transitions();
    const tasks: TaskCache = new Map();
    const outcomes: Promise<Stored | DomainError>[] = [];
    for (const [index, item] of items.entries()) {
      try {
        const execution = read(item, phases);
        const mine = { ...caller, key: itemKey(caller, index, execution) };
        const append = await this.prepare(mine, execution, tasks);
        outcomes.push(this.append(append, execution).catch(refusal));
      } catch (error) {
        outcomes.push(Promise.resolve(refusal(error)));
      }
    }
    return Promise.all(outcomes);
  }

  private async prepare(
    caller: Caller,
    execution: StoreExecutionRequest,
    tasks: TaskCache,
  ): Promise<StoreAppend> {
    const wish = this.writer.wish(caller, execution, null);
    const memoryId = wish.result.memory_id;

    return { ...wish, writes: await this.writer.writes(caller, memoryId, execution, tasks) };
  }

  private async append(append: StoreAppend, execution: StoreExecutionRequest): Promise<Stored> {
    try {
      const { result, repeated, position } = await this.store.append(append);
      return { ...result, repeated, position };
    } catch (error) {
      // Somebody else registered the task meanwhile: an ordinary store sees it.
      if (!(error instanceof VersionConflict)) throw error;
      const { body, repeated } = await this.commands.execute(
        new StoreExecution(append.caller, execution),
      );
      return { memory_id: body.memory_id, repeated, position: 0n };
    }
  }
}

/** @throws DomainError what an ordinary store would have refused */
function read(item: BatchItem, phases: Transitions): StoreExecutionRequest {
  if ('unreadable' in item) {
    throw new DomainError('unreadable', 'request.unreadable_json', 'This line is not JSON.');
  }
  const execution = fit(storeExecutionRequest, item.json);
  const { phase_id } = execution;
  if (phase_id !== null && !phases.has(phase_id)) throw noSuchPhase('phase_id', phase_id);

  return execution;
}

/** Under a batch's key each of its executions has one of its own: so a batch cut off can be sent again. */
function itemKey(
  { key }: Caller,
  index: number,
  execution: StoreExecutionRequest,
): CommandKey | null {
  if (!key) return null;

  return {
    name: `batch:${key.name}:${String(index)}`,
    hash: sha256(canonicalJson(execution)),
    keptHours: key.keptHours,
  };
}

function refusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

const served = (outcome: Stored | DomainError, requestId: string): BatchOutcome => {
  if (outcome instanceof DomainError) {
    const problem = problemOf(outcome, requestId);
    return { status: problem.status, problem };
  }
  return { status: outcome.repeated ? 200 : 201, memory_id: outcome.memory_id };
};
