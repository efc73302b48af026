import { Followers, type Policy } from '#event-store';
import { DomainError } from '#kernel';
import type { TaskEvent, TaskFinished } from '#tasks';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StoreExecution } from './store-execution.command.js';

/** When a task is finished, its execution is remembered; nobody has to ask for it. */
@Injectable()
export class WhenTaskFinished implements Policy<TaskEvent> {
  static readonly called = 'when-task-finished';
  readonly name = WhenTaskFinished.called;

  readonly on: Policy<TaskEvent>['on'] = {
    'task.finished': async ({ data, text, id, version }, { caller }) => {
      // A task whose texts were erased meanwhile left nothing to remember.
      if (text === undefined) return;
      const execution = executionOf(data, text);
      const store = (one: StoreExecution['execution']): Promise<unknown> =>
        this.commands.execute(new StoreExecution(caller, one, { id, version }));
      try {
        // Stored by hand under the same id since the task was finished: then this is one of its own.
        await store(execution).catch((error: unknown) => {
          if (!isOne(error, 'request.key_reused')) throw error;
          return store({ ...execution, execution_id: null });
        });
      } catch (error) {
        if (!isGone(error)) throw error;
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

const isOne = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof DomainError && codes.includes(error.code);

/** The task, or what was remembered of it before, went while this was on its way. */
const isGone = (error: unknown): boolean => isOne(error, 'task.unknown', 'memory.erased');

function executionOf(
  { task_id, outcome, at, task_type, ...facts }: TaskFinished['data'],
  { description, ...said }: NonNullable<TaskFinished['text']>,
): StoreExecution['execution'] {
  const task = { type: task_type, description };

  return { ...facts, ...said, task_id, success: outcome === 'completed', task };
}
