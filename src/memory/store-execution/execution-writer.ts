import {
  EventStore,
  execute,
  Followers,
  type Appended,
  type CommandResult,
  type StreamWrite,
  type Wish,
} from '#event-store';
import { Clock, newId, notFound, type Caller, type DomainError } from '#kernel';
import { Tasks, type KnownTask, type TaskStanding } from '#tasks';
import { Injectable } from '@nestjs/common';
import { memory, memoryStreamOf } from '../domain/memory.js';
import { Memories } from '../memories.js';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { executionKey, type StoreExecutionRequest } from './store-execution.request.js';

/** What a store answers. */
type Stored = CommandResult & { readonly memory_id: string };

/** Makes of an execution what has to be appended: the memory, and its task when that is new. */
@Injectable()
export class ExecutionWriter {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly tasks: Tasks,
    private readonly memories: Memories,
    private readonly clock: Clock,
  ) {}

  /**
   * Appends a memory, once under its keys.
   * @throws DomainError `memory.erased` when the one that was stored under them is erased since
   */
  async append<Result extends Stored>(
    wish: Wish<Result>,
    decide: () => Promise<StreamWrite[]>,
  ): Promise<Appended<Result>> {
    const appended = await execute(this.store, wish, decide);
    const { repeated, result } = appended;
    if (repeated) await this.memories.mustBeKept(wish.caller, result.memory_id);

    return appended;
  }

  /** Waits until what was written up to `position` can be read, for two seconds at most. */
  async readable(position: bigint): Promise<void> {
    await this.followers.passed(position, [taskMemories.name, this.tasks.projection]);
  }

  /** The answer and the keys of a store, under a new id. */
  wish(
    caller: Caller,
    execution: StoreExecutionRequest,
    causationId: string | null,
  ): Wish<{ memory_id: string }> {
    const keys = [...(caller.key ? [caller.key] : []), ...executionKey(execution)];

    return { caller, keys, result: { memory_id: newId() }, causationId };
  }

  /**
   * The memory, and before it the registration of its task when that is new.
   * @param since a version of the task after which it must not have been deleted
   * @throws DomainError `task.unknown` when there is no such task and none was described.
   */
  async writes(
    { namespace }: Caller,
    memoryId: string,
    execution: StoreExecutionRequest,
    since = Infinity,
  ): Promise<StreamWrite[]> {
    const standing = await this.tasks.standing(namespace, execution.task_id);
    if (standing.deletedAt > since) throw undescribed(execution.task_id);

    return this.writesOn(standing, memoryId, execution);
  }

  /**
   * The same on a task that was looked up before. It must not be deleted before the memory is
   * written, or nobody would erase that.
   */
  writesOn(
    standing: TaskStanding,
    memoryId: string,
    execution: StoreExecutionRequest,
  ): StreamWrite[] {
    const at = this.clock.now().toISOString();
    const id = execution.task_id;
    const { known } = standing;
    if (known) {
      const unchanged = this.tasks.unchanged(known, standing);
      return [unchanged, remembering(memoryId, at, known, execution)];
    }
    if (!execution.task) throw undescribed(id);
    const task = { id, ...execution.task };

    return [
      this.tasks.registration(task, standing, at),
      remembering(memoryId, at, task, execution),
    ];
  }
}

export const undescribed = (id: string): DomainError =>
  notFound('task.unknown', `There is no task ${id}; describe it in "task".`);

/** A memory has a new id, so its stream is empty and need not be read. */
function remembering(
  id: string,
  at: string,
  task: KnownTask,
  execution: StoreExecutionRequest,
): StreamWrite {
  const { success } = execution;

  return {
    stream: memoryStreamOf(id),
    expected: 0,
    events: memory.decide({ do: 'store', id, at, task, success, execution }, memory.initial),
  };
}
