import { EventStore, executeOn } from '#event-store';
import { Clock } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { suggestion, suggestionStreamOf } from '../domain/suggestion.js';
import { RecordOutcome } from './record-outcome.command.js';
import type { RecordOutcomeResponse } from './record-outcome.request.js';

@CommandHandler(RecordOutcome)
export class RecordOutcomeHandler implements ICommandHandler<RecordOutcome> {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, id, outcome }: RecordOutcome): Promise<Answer<RecordOutcomeResponse>> {
    const at = this.clock.now().toISOString();
    const { repeated } = await executeOn(
      this.store,
      { caller, stream: suggestionStreamOf(id), result: { id } },
      suggestion,
      { do: 'record-outcome', id, at, ...outcome },
    );

    return { body: { suggestion_id: id, status: 'outcome_recorded' }, repeated };
  }
}
