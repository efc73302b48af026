import type { Append, StreamWrite } from '#event-store';
import { Clock, newId, notFound, type Caller } from '#kernel';
import { Tasks, type KnownTask } from '#tasks';
import { Injectable } from '@nestjs/common';
import { memory } from '../domain/memory.js';
import { executionKey, type StoreExecutionRequest } from './store-execution.request.js';

/** Tasks that were looked up, or are about to be registered, by id. */
export type TaskCache = Map<string, KnownTask>;

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

  /** @throws DomainError `task.unknown` when there is no such task and none was described. */
  async writes(
    { namespace }: Caller,
    memoryId: string,
    execution: StoreExecutionRequest,
    cache: TaskCache = new Map(),
  ): Promise<StreamWrite[]> {
    const at = this.clock.now().toISOString();
    const id = execution.task_id;
    const known = cache.get(id) ?? (await this.tasks.find(namespace, id));
    const task = known ?? (execution.task && { id, ...execution.task });
    if (!task) throw notFound('task.unknown', `There is no task ${id}; describe it in "task".`);

    const registration = known ? [] : [await this.tasks.registration(namespace, task, at)];
    cache.set(id, task);
    return [...registration, remembering(memoryId, at, task, execution)];
  }
}

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
