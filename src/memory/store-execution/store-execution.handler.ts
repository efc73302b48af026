import { EventStore, execute, Followers } from '#event-store';
import { Phases } from '#phases';
import type { Answer } from '#rest';
import { Tasks } from '#tasks';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { taskMemories } from '../read-model/task-memories.projection.js';
import { ExecutionWriter } from './execution-writer.js';
import { StoreExecution } from './store-execution.command.js';
import type { StoreExecutionResponse } from './store-execution.response.js';

@CommandHandler(StoreExecution)
export class StoreExecutionHandler implements ICommandHandler<StoreExecution> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
    private readonly tasks: Tasks,
    private readonly writer: ExecutionWriter,
  ) {}

  async execute({
    caller,
    execution,
    causationId,
  }: StoreExecution): Promise<Answer<StoreExecutionResponse>> {
    await this.phases.mustKnow('phase_id', execution.phase_id);
    const wish = this.writer.wish(caller, execution, causationId);
    const { result, repeated, position } = await execute(this.store, wish, () =>
      this.writer.writes(caller, wish.result.memory_id, execution),
    );
    await this.followers.passed(position, [taskMemories.name, this.tasks.projection]);

    return { body: { memory_id: result.memory_id, status: 'stored' }, repeated };
  }
}
