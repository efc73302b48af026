import { EventStore, executeOn, Followers } from '#event-store';
import { Clock, fold, newId, type Caller } from '#kernel';
import { Phases } from '#phases';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { taskIsDeleted } from '../domain/task.errors.js';
import type { TaskEvent } from '../domain/task.events.js';
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
    const standing = await this.standing(caller.namespace, id, { at, phase_id: task.phase_id });
    const { result, repeated, position } = await executeOn(
      this.store,
      { caller, stream: streamOf(id), result: standing },
      taskDecider,
      { do: 'register', id, at, task },
    );
    if (repeated && caller.key) await this.mustBeThere(caller, result.id);
    await this.followers.passed(position, [tasksProjection.name]);

    const body = { ...task, ...result };
    if (!repeated || caller.key) return { body, repeated };

    // Nobody's first answer is remembered here: the task as it stands is the answer.
    return { body: (await this.tasks.one(caller.namespace, id)) ?? body, repeated };
  }

  /** Its first answer is no answer any more when the task was deleted since. */
  private async mustBeThere({ namespace }: Caller, id: string): Promise<void> {
    const history = await this.store.read(namespace, streamOf(id));
    const { status } = fold(taskDecider, history as unknown as TaskEvent[]);
    if (status === 'unknown') throw taskIsDeleted(id);
  }

  /** What is not said in the request: of a task that is there as it stands, else of a new one. */
  private async standing(
    namespace: string,
    id: string,
    { at, phase_id }: { readonly at: string; readonly phase_id: string },
  ): Promise<Standing> {
    const found = await this.tasks.one(namespace, id);
    if (!found) return { id, phase_id, status: 'open', created_at: at, finished_at: null };
    const { status, created_at, finished_at } = found;

    return { id, phase_id: found.phase_id, status, created_at, finished_at };
  }
}

type Standing = Pick<TaskResponse, 'id' | 'phase_id' | 'status' | 'created_at' | 'finished_at'>;
