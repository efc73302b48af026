import { decideOn, EventStore, execute, Followers } from '#event-store';
import { Clock, executionKeyName, type Caller } from '#kernel';
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
    const place = { namespace: caller.namespace, stream: streamOf(id) };
    const { repeated, position } = await execute(
      this.store,
      { caller, keys: caller.key ? [caller.key] : [], result: { id }, causationId: null },
      async () => {
        const command = { do: 'finish', id, at, outcome, execution } as const;
        const write = await decideOn(this.store, place, task, command);
        if (write.events.length > 0) await this.mustBeNew(caller, execution.execution_id);
        return [write];
      },
    );
    // The memory is made by a policy upstairs: who asks for it next should find it.
    await this.followers.settled(position);

    return { body: { id, status: outcome }, repeated };
  }

  /** Of an execution that is stored already the policy could make no memory of this task. */
  private async mustBeNew({ namespace }: Caller, executionId: string | null): Promise<void> {
    if (executionId === null) return;
    const name = executionKeyName(executionId);
    await this.store.recall(namespace, [{ name, hash: 'of this task', keptHours: null }]);
  }
}
