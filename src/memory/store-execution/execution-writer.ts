import type { Append, StreamWrite } from '#event-store';
import { Clock, newId, notFound, type Caller, type DomainError } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import { memory } from '../domain/memory.js';
import { executionKey, type StoreExecutionRequest } from './store-execution.request.js';

/** Makes of an execution what has to be appended: the memory, and its task when that is new. */
@Injectable()
export class ExecutionWriter {
  constructor(
    private readonly tasks: Tasks,
    private readonly clock: Clock,
  ) {}

  /** The answer and the keys of a store, under a new id. */
  wish(
    caller: Caller,
    execution: StoreExecutionRequest,
    causationId: string | null,
  ): Omit<Append<{ memory_id: string }>, 'writes'> {
    const keys = [...(caller.key ? [caller.key] : []), ...executionKey(execution)];

    return { caller, keys, result: { memory_id: newId() }, causationId };
  }

  /**
   * The memory, and before it the registration of its task when that is new.
   * @throws DomainError `task.unknown` when there is no such task and none was described.
   */
  async writes(
    { namespace }: Caller,
    memoryId: string,
    execution: StoreExecutionRequest,
  ): Promise<StreamWrite[]> {
    const found = await this.tasks.find(namespace, execution.task_id);

    return this.writesOn(found, memoryId, execution);
  }

  /** The same on a task that was looked up before; null where none was found. */
  writesOn(
    found: KnownTask | null,
    memoryId: string,
    execution: StoreExecutionRequest,
  ): StreamWrite[] {
    const at = this.clock.now().toISOString();
    const id = execution.task_id;
    if (found) return [remembering(memoryId, at, found, execution)];
    if (!execution.task) throw undescribed(id);
    const task = { id, ...execution.task };

    return [this.tasks.registration(task, at), remembering(memoryId, at, task, execution)];
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
    stream: `memory-${id}`,
    expected: 0,
    events: memory.decide({ do: 'store', id, at, task, success, execution }, memory.initial),
  };
}
