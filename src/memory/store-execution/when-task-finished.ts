import { Followers, type Policy } from '#event-store';
import { DomainError } from '#kernel';
import type { TaskEvent, TaskFinished } from '#tasks';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StoreExecution } from './store-execution.command.js';

/** When a task is finished, its execution is remembered; nobody has to ask for it. */
@Injectable()
export class WhenTaskFinished implements Policy<TaskEvent> {
  readonly name = 'when-task-finished';
  private readonly logger = new Logger(WhenTaskFinished.name);

  readonly on: Policy<TaskEvent>['on'] = {
    'task.finished': async ({ data, text }, { caller, causationId }) => {
      // A task whose texts were erased meanwhile left nothing to remember.
      if (text === undefined) return;
      await this.commands
        .execute(new StoreExecution(caller, executionOf(data, text), causationId))
        .catch((error: unknown) => {
          this.unlessStoredBefore(error, data.execution_id);
        });
    },
  };

  constructor(
    private readonly commands: CommandBus,
    followers: Followers,
  ) {
    followers.react<TaskEvent>(this);
  }

  /** An execution that was stored by hand under its own id is there; a second one would be wrong. */
  private unlessStoredBefore(error: unknown, executionId: string | null): void {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    this.logger.warn(`The execution ${String(executionId)} was stored before (${error.code}).`);
  }
}

function executionOf(
  { task_id, outcome, at, task_type, ...facts }: TaskFinished['data'],
  { description, ...said }: NonNullable<TaskFinished['text']>,
): StoreExecution['execution'] {
  const task = { type: task_type, description };

  return { ...facts, ...said, task_id, success: outcome === 'completed', task };
}
