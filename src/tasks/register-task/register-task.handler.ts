import { decideOn, EventStore, execute, Followers } from '#event-store';
import { Clock, newId } from '#kernel';
import { Phases } from '#phases';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streamOf, task as taskDecider } from '../domain/task.js';
import { TaskReader } from '../read-model/task.reader.js';
import type { TaskResponse } from '../read-model/task.response.js';
import { tasksProjection } from '../read-model/tasks.projection.js';
import { RegisterTask } from './register-task.command.js';

@CommandHandler(RegisterTask)
export class RegisterTaskHandler implements ICommandHandler<RegisterTask> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
    private readonly tasks: TaskReader,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, task: asked }: RegisterTask): Promise<Answer<TaskResponse>> {
    await this.phases.mustKnow('phase_id', asked.phase_id);
    const at = this.clock.now().toISOString();
    const { id = newId(), ...task } = asked;
    const { result, repeated, position } = await execute(
      this.store,
      {
        caller,
        keys: caller.key ? [caller.key] : [],
        result: { id, created_at: at },
        causationId: null,
      },
      async () => {
        const place = { namespace: caller.namespace, stream: streamOf(id) };
        return [await decideOn(this.store, place, taskDecider, { do: 'register', id, at, task })];
      },
    );
    await this.followers.passed(position, [tasksProjection.name]);

    // Known by its id and not by a key: then there is no first answer, only the task as it is.
    const standing = repeated && result.created_at === at;
    const now = standing ? await this.tasks.one(caller.namespace, id) : null;
    return { body: now ?? { ...result, ...task, status: 'open', finished_at: null }, repeated };
  }
}
