import { CommandKeys, Erasures, EventStore } from '#event-store';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Texts } from '../erase-memory/texts.js';
import { WholeTasks } from '../erase-memory/whole-tasks.js';
import { WhenTaskFinished } from '../store-execution/when-task-finished.js';
import { EraseNamespace } from './erase-namespace.command.js';

@CommandHandler(EraseNamespace)
export class EraseNamespaceHandler implements ICommandHandler<EraseNamespace> {
  constructor(
    private readonly store: EventStore,
    private readonly erasures: Erasures,
    private readonly whole: WholeTasks,
    private readonly texts: Texts,
    private readonly keys: CommandKeys,
  ) {}

  async execute({ caller }: EraseNamespace): Promise<void> {
    const until = await this.store.head();
    // Every memory is in its table by then, those of finished tasks too.
    await this.erasures.done(until, [WhenTaskFinished.called]);
    await this.whole.eraseAll(caller);
    await this.keys.forget(caller.namespace);
    for await (const page of this.texts.pages({ caller, subject: null, until })) {
      await this.texts.forget(caller, page);
    }
    await this.erasures.done(await this.store.head());
  }
}
