import { EventStore, executeOn, Followers } from '#event-store';
import { Clock } from '#kernel';
import { noSuchPhase, Phases } from '#phases';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streamOf, task } from '../domain/task.js';
import { tasksProjection } from '../read-model/tasks.projection.js';
import { MoveTask } from './move-task.command.js';

@CommandHandler(MoveTask)
export class MoveTaskHandler implements ICommandHandler<MoveTask> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
    private readonly clock: Clock,
  ) {}

  async execute({
    caller,
    id,
    to,
  }: MoveTask): Promise<Answer<{ id: string; phase_id: string; status: 'open' }>> {
    const exits = await this.phases.transitions();
    if (!exits.has(to)) throw noSuchPhase('phase_id', to);
    const at = this.clock.now().toISOString();
    const { repeated, position } = await executeOn(
      this.store,
      { caller, stream: streamOf(id), result: { id } },
      task,
      { do: 'move', id, at, to, exits },
    );
    await this.followers.passed(position, [tasksProjection.name]);

    return { body: { id, phase_id: to, status: 'open' }, repeated };
  }
}
