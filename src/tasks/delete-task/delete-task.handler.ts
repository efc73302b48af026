import { Erasures, EventStore, execute, textsOf, type StreamWrite } from '#event-store';
import { Clock, fold, type Caller } from '#kernel';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { TaskEvent } from '../domain/task.events.js';
import { streamOf, task } from '../domain/task.js';
import { DeleteTask } from './delete-task.command.js';

@CommandHandler(DeleteTask)
export class DeleteTaskHandler implements ICommandHandler<DeleteTask> {
  constructor(
    private readonly store: EventStore,
    private readonly erasures: Erasures,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, id, waits }: DeleteTask): Promise<{ position: bigint }> {
    const wish = { caller, keys: [], result: { id }, causationId: null };
    const { position } = await execute(this.store, wish, async () => [
      await this.deletion(caller, id),
    ]);
    if (waits) await this.erasures.done(position);

    return { position };
  }

  private async deletion({ namespace }: Caller, id: string): Promise<StreamWrite> {
    const stream = streamOf(id);
    const history = await this.store.read(namespace, stream);
    const at = this.clock.now().toISOString();
    const state = fold(task, history as unknown as TaskEvent[]);
    const events = task.decide({ do: 'delete', id, at }, state);

    return { stream, expected: history.length, events, forgets: textsOf(history) };
  }
}
