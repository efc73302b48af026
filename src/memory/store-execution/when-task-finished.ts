import type { Policy } from '#event-store';
import { DomainError } from '#kernel';
import type { TaskEvent, TaskFinished } from '#tasks';
import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { StoreExecution } from './store-execution.command.js';

/** When a task is finished, its execution is remembered; nobody has to ask for it. */
export const whenTaskFinished = (commands: CommandBus): Policy<TaskEvent> => ({
  name: 'when-task-finished',
  on: {
    'task.finished': async (event, { caller, causationId }) => {
      // A task whose texts were erased meanwhile left nothing to remember.
      if (event.text === undefined) return;
      await commands
        .execute(new StoreExecution(caller, executionOf(event.data, event.text), causationId))
        .catch(unlessStoredBefore(event.data.execution_id));
    },
  },
});

function executionOf(
  { task_id, outcome, at, task_type, ...facts }: TaskFinished['data'],
  { execution_summary, error_patterns, description }: NonNullable<TaskFinished['text']>,
): StoreExecution['execution'] {
  void at;

  return {
    ...facts,
    task_id,
    success: outcome === 'completed',
    execution_summary,
    error_patterns,
    task: { type: task_type, description },
  };
}

/** An execution that was stored under its own id by hand is there, and a second one would be wrong. */
const unlessStoredBefore =
  (executionId: string | null) =>
  (error: unknown): void => {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    new Logger('when-task-finished').warn(
      `${String(executionId)} was stored before: ${error.code}`,
    );
  };
