import { EventStore, executeOn, Followers } from '#event-store';
import { Clock } from '#kernel';
import { Phases } from '#phases';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streamOf, task, type Outcome } from '../domain/task.js';
import { FinishTask } from './finish-task.command.js';

@CommandHandler(FinishTask)
export class FinishTaskHandler implements ICommandHandler<FinishTask> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
    private readonly clock: Clock,
  ) {}

  async execute({
    caller,
    id,
    outcome,
    execution,
  }: FinishTask): Promise<Answer<{ id: string; status: Outcome }>> {
    await this.phases.mustKnow('phase_id', execution.phase_id);
    const at = this.clock.now().toISOString();
    const { repeated, position } = await executeOn(
      this.store,
      { caller, stream: streamOf(id), result: { id } },
      task,
      { do: 'finish', id, at, outcome, execution },
    );
    // The memory is made by a policy upstairs: who asks for it next should find it.
    await this.followers.settled(position);

    return { body: { id, status: outcome }, repeated };
  }
}
