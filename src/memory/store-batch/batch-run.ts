import type { StreamWrite, Wish } from '#event-store';
import { canonicalJson, DomainError, newId, sha256, type Caller, type CommandKey } from '#kernel';
import { noSuchPhase, type Transitions } from '#phases';
import { fit, UNREADABLE_LINE } from '#rest';
import type { Tasks, TaskStanding } from '#tasks';
import type { ExecutionWriter } from '../store-execution/execution-writer.js';
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
  private readonly registering = new Map<string, Promise<Outcome>>();
  private standings = new Map<string, TaskStanding>();

  constructor(
    private readonly caller: Caller,
    private readonly phases: Transitions,
    private readonly tasks: Tasks,
    private readonly writer: ExecutionWriter,
  ) {}

  /** Hands one after the other to the log, in order, and waits for all of them together. */
  async storeAll(sent: readonly unknown[]): Promise<Outcome[]> {
    const executions = sent.map((one) => readOrRefusal(one, this.phases));
    const ids = executions.flatMap((one) => (one instanceof Error ? [] : [one.task_id]));
    this.standings = await this.tasks.standings(this.caller.namespace, [...new Set(ids)]);
    const outcomes: Promise<Outcome>[] = [];
    for (const [index, execution] of executions.entries()) {
      const handedOver = await this.handOver(execution, index).catch(refused);
      outcomes.push(handedOver.outcome);
    }
    return Promise.all(outcomes);
  }

  private async handOver(
    execution: StoreExecutionRequest | Error,
    index: number,
  ): Promise<{ outcome: Promise<Outcome> }> {
    if (execution instanceof Error) throw execution;
    const memoryId = newId();
    const standing = await this.standingOf(execution);
    const writes = this.writer.writesOn(standing, memoryId, execution);
    const outcome = this.append(this.wish(memoryId, execution, index), execution, writes);
    if (!standing.known) this.registering.set(execution.task_id, outcome);

    return { outcome };
  }

  /** Of a task that an execution before this one registers, only the end of that one tells. */
  private async standingOf({ task_id }: StoreExecutionRequest): Promise<TaskStanding> {
    const registration = this.registering.get(task_id);
    const before = this.standings.get(task_id);
    if (!registration && before) return before;
    await registration;
    const standing = await this.tasks.standing(this.caller.namespace, task_id);
    if (!standing.known) return standing;
    this.registering.delete(task_id);
    this.standings.set(task_id, standing);

    return standing;
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

  /** Never rejects: nobody listens before all have been handed over. */
  private async append(
    wish: BatchWish,
    execution: StoreExecutionRequest,
    prepared: StreamWrite[],
  ): Promise<Outcome> {
    let first: StreamWrite[] | null = prepared;
    const decide = async (): Promise<StreamWrite[]> => {
      const { memory_id } = wish.result;
      const writes = first ?? (await this.writer.writes(this.caller, memory_id, execution));
      first = null;
      return writes;
    };
    try {
      const { result, repeated, position } = await this.writer.append(wish, decide);
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

/** An execution as it was sent, or why an ordinary store would have refused it. */
export function readOrRefusal(sent: unknown, phases: Transitions): StoreExecutionRequest | Error {
  try {
    return read(sent, phases);
  } catch (error) {
    return error as Error;
  }
}

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
