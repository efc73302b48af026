import { Followers, type Policy } from '#event-store';
import { DomainError } from '#kernel';
import type { TaskEvent, TaskFinished } from '#tasks';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StoreExecution } from './store-execution.command.js';

/** When a task is finished, its execution is remembered; nobody has to ask for it. */
@Injectable()
export class WhenTaskFinished implements Policy<TaskEvent> {
  readonly name = 'when-task-finished';

  readonly on: Policy<TaskEvent>['on'] = {
    'task.finished': async ({ data, text }, { caller, causationId }) => {
      // A task whose texts were erased meanwhile left nothing to remember.
      if (text === undefined) return;
      const execution = executionOf(data, text);
      try {
        await this.commands.execute(new StoreExecution(caller, execution, causationId));
      } catch (error) {
        // Stored by hand under the same id since the task was finished: then this is one of its own.
        if (!isKeyReused(error)) throw error;
        const own = { ...execution, execution_id: null };
        await this.commands.execute(new StoreExecution(caller, own, causationId));
      }
    },
  };

  constructor(
    private readonly commands: CommandBus,
    followers: Followers,
  ) {
    followers.react<TaskEvent>(this);
  }
}

const isKeyReused = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'request.key_reused';

function executionOf(
  { task_id, outcome, at, task_type, ...facts }: TaskFinished['data'],
  { description, ...said }: NonNullable<TaskFinished['text']>,
): StoreExecution['execution'] {
  const task = { type: task_type, description };

  return { ...facts, ...said, task_id, success: outcome === 'completed', task };
}
