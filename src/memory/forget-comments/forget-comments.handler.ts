import { EventStore, textsOf } from '#event-store';
import { Clock, newId } from '#kernel';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commentsErased, suggestionStreamOf } from '../domain/suggestion.js';
import { ForgetComments } from './forget-comments.command.js';

@CommandHandler(ForgetComments)
export class ForgetCommentsHandler implements ICommandHandler<ForgetComments> {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, suggestionIds, causationId }: ForgetComments): Promise<void> {
    const streams = suggestionIds.map(suggestionStreamOf);
    const forgets = textsOf(await this.store.read(caller.namespace, ...streams));
    if (forgets.length === 0) return;
    const events = [commentsErased(suggestionIds, this.clock.now().toISOString())];
    await this.store.append({
      caller,
      writes: [{ stream: `erasure-${newId()}`, expected: 0, events, forgets }],
      keys: [],
      result: {},
      causationId,
    });
  }
}
