import { Followers, type Policy } from '#event-store';
import type { TaskDeleted } from '#tasks';
import { Injectable } from '@nestjs/common';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { Eraser } from './eraser.js';

/** When a task is deleted, its memories are erased with it. Those of a task of its name later stay. */
@Injectable()
export class WhenTaskDeleted implements Policy<TaskDeleted> {
  readonly name = 'when-task-deleted';
  readonly erases = true;

  readonly on: Policy<TaskDeleted>['on'] = {
    'task.deleted': async ({ position, data }, { caller, causationId }) => {
      // From then on no memory of that task could be stored, so all of them are in the table.
      await this.followers.mustHavePassed(position, [taskMemories.name]);
      await this.eraser.eraseOfTask(caller, data.task_id, { causationId, before: position });
    },
  };

  constructor(
    private readonly eraser: Eraser,
    private readonly followers: Followers,
  ) {
    followers.react<TaskDeleted>(this);
  }
}
