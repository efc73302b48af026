import { execute, type EventStore, type StreamWrite, type Wish } from '#event-store';
import { canonicalJson, DomainError, newId, sha256, type Caller, type CommandKey } from '#kernel';
import { noSuchPhase, type Transitions } from '#phases';
import { fit, UNREADABLE_LINE } from '#rest';
import type { ExecutionWriter, KnownTasks } from '../store-execution/execution-writer.js';
import {
  executionKey,
  storeExecutionRequest,
  type StoreExecutionRequest,
} from '../store-execution/store-execution.request.js';

/** A stored execution; `isNew` when this very batch stored it, at whichever attempt. */
interface Stored {
  readonly memory_id: string;
  readonly isNew: boolean;
  readonly position: bigint;
}

/** What became of one execution of a batch. */
export type Outcome = Stored | Error;

/** One batch on its way into the log, and what it learns of tasks meanwhile. */
export class BatchRun {
  private readonly known: KnownTasks = new Map();
  private readonly registering = new Map<string, Promise<Outcome>>();

  constructor(
    private readonly caller: Caller,
    private readonly phases: Transitions,
    private readonly store: EventStore,
    private readonly writer: ExecutionWriter,
  ) {}

  /** Hands one after the other to the log, in order, and waits for all of them together. */
  async storeAll(executions: readonly unknown[]): Promise<Outcome[]> {
    const outcomes: Promise<Outcome>[] = [];
    for (const [index, sent] of executions.entries()) {
      const handedOver = await this.handOver(sent, index).catch(refused);
      outcomes.push(handedOver.outcome);
    }
    return Promise.all(outcomes);
  }

  private async handOver(sent: unknown, index: number): Promise<{ outcome: Promise<Outcome> }> {
    const execution = read(sent, this.phases);
    // Whether its task is there is known only when the one before that registers it is done.
    await this.registering.get(execution.task_id);
    const memoryId = newId();
    const writes = await this.writes(memoryId, execution);
    const outcome = this.append(this.wish(memoryId, execution, index), execution, writes);
    if (writes.length > 1) this.registering.set(execution.task_id, outcome);

    return { outcome };
  }

  private wish(memoryId: string, execution: StoreExecutionRequest, index: number): BatchWish {
    const key = itemKey(this.caller, index, execution);
    const caller = { ...this.caller, key };
    const keys = [...(key ? [key] : []), ...executionKey(execution)];

    return {
      caller,
      keys,
      result: { memory_id: memoryId, under: key?.name ?? null },
      causationId: null,
    };
  }

  private writes(memoryId: string, execution: StoreExecutionRequest): Promise<StreamWrite[]> {
    return this.writer.writes(this.caller, memoryId, execution, this.known);
  }

  /** Never rejects: nobody listens before all have been handed over. */
  private async append(
    wish: BatchWish,
    execution: StoreExecutionRequest,
    prepared: StreamWrite[],
  ): Promise<Outcome> {
    let first: StreamWrite[] | null = prepared;
    const decide = async (): Promise<StreamWrite[]> => {
      const writes = first ?? (await this.writes(wish.result.memory_id, execution));
      first = null;
      return writes;
    };
    try {
      const { result, repeated, position } = await execute(this.store, wish, decide);
      const isMine = result.under !== null && result.under === wish.result.under;
      return { memory_id: result.memory_id, isNew: !repeated || isMine, position };
    } catch (error) {
      return error as Error;
    }
  }
}

type BatchWish = Wish<{ memory_id: string; under: string | null }>;

const refused = (error: unknown): { outcome: Promise<Outcome> } => ({
  outcome: Promise.resolve(error as Error),
});

/** @throws DomainError what an ordinary store would have refused */
function read(sent: unknown, phases: Transitions): StoreExecutionRequest {
  if (sent === UNREADABLE_LINE) {
    throw new DomainError('unreadable', 'request.unreadable_json', 'This line is not JSON.');
  }
  const execution = fit(storeExecutionRequest, sent);
  const { phase_id } = execution;
  if (phase_id !== null && !phases.has(phase_id)) throw noSuchPhase('phase_id', phase_id);

  return execution;
}

/** Under a batch's key each of its executions has its own: a batch cut off can be sent again. */
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
