import { Phases } from '#phases';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ExecutionWriter } from './execution-writer.js';
import { StoreExecution } from './store-execution.command.js';
import type { StoreExecutionResponse } from './store-execution.response.js';

@CommandHandler(StoreExecution)
export class StoreExecutionHandler implements ICommandHandler<StoreExecution> {
  constructor(
    private readonly phases: Phases,
    private readonly writer: ExecutionWriter,
  ) {}

  async execute({
    caller,
    execution,
    because,
  }: StoreExecution): Promise<Answer<StoreExecutionResponse>> {
    await this.phases.mustKnow('phase_id', execution.phase_id);
    const wish = this.writer.wish(caller, execution, because?.id ?? null);
    const { result, repeated, position } = await this.writer.append(wish, () =>
      this.writer.writes(caller, wish.result.memory_id, execution, because?.version),
    );
    await this.writer.readable(position);

    return { body: { memory_id: result.memory_id, status: 'stored' }, repeated };
  }
}
