import { Followers, type Policy } from '#event-store';
import { ForgetComments } from '#memory';
import type { TaskDeleted } from '#tasks';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SuggestionReader } from '../read-model/suggestion.reader.js';
import { suggestions } from '../read-model/suggestions.projection.js';

/** So many comments go in one transaction. */
const CHUNK = 100;

/** When a task is deleted, what was said by then of the advice for it goes too. */
@Injectable()
export class WhenAdvisedTaskDeleted implements Policy<TaskDeleted> {
  readonly name = 'when-advised-task-deleted';
  readonly erases = true;

  readonly on: Policy<TaskDeleted>['on'] = {
    'task.deleted': async ({ namespace, position, data }, { caller, causationId }) => {
      await this.followers.mustHavePassed(position, [suggestions.name]);
      const ids = await this.reader.closedBefore(namespace, data.task_id, position);
      for (let start = 0; start < ids.length; start += CHUNK) {
        const some = ids.slice(start, start + CHUNK);
        await this.commands.execute(new ForgetComments(caller, some, causationId));
      }
    },
  };

  constructor(
    private readonly reader: SuggestionReader,
    private readonly commands: CommandBus,
    private readonly followers: Followers,
  ) {
    followers.react<TaskDeleted>(this);
  }
}
