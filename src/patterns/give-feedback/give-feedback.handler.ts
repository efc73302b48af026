import { decideOn, EventStore, execute, type StreamWrite } from '#event-store';
import { Clock } from '#kernel';
import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { unknownPattern } from '../domain/pattern.errors.js';
import { pattern } from '../domain/pattern.js';
import { CaughtUp } from '../learn/caught-up.js';
import { EvidenceReader } from '../read-model/evidence.reader.js';
import { GiveFeedback } from './give-feedback.command.js';
import type { GiveFeedbackResponse } from './give-feedback.request.js';

@CommandHandler(GiveFeedback)
export class GiveFeedbackHandler implements ICommandHandler<GiveFeedback> {
  constructor(
    private readonly store: EventStore,
    private readonly caughtUp: CaughtUp,
    private readonly evidence: EvidenceReader,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, id, asked }: GiveFeedback): Promise<Answer<GiveFeedbackResponse>> {
    const keys = caller.key ? [caller.key] : [];
    // Worked out anew with every attempt: others may speak of the same pattern meanwhile.
    const result = { new_confidence: 0 };
    const decide = async (): Promise<StreamWrite[]> => {
      const write = await this.decide(caller.namespace, id, asked);
      result.new_confidence = await this.confidenceAfter(caller, id, asked);
      return [write];
    };
    const wish = { caller, keys, result, causationId: null };
    const { result: first, repeated, position } = await execute(this.store, wish, decide);
    await this.caughtUp.until(position);

    return { body: { status: 'feedback_recorded', ...first }, repeated };
  }

  private decide(
    namespace: string,
    id: string,
    { helpful, confidence_adjustment, comment }: GiveFeedback['asked'],
  ): Promise<StreamWrite> {
    const at = this.clock.now().toISOString();
    const said = { helpful, adjustment: confidence_adjustment, comment };

    return decideOn(this.store, { namespace, stream: `pattern-${id}` }, pattern, {
      do: 'give-feedback',
      id,
      at,
      ...said,
    });
  }

  /** What the learner will say once it has heard. */
  private async confidenceAfter(
    { namespace, actor }: GiveFeedback['caller'],
    id: string,
    { helpful, confidence_adjustment }: GiveFeedback['asked'],
  ): Promise<number> {
    await this.caughtUp.now();
    const said = { helpful, adjustment: confidence_adjustment ?? 0 };
    const after = await this.evidence.confidenceAfter(namespace, id, actor, said);
    if (after === null) throw unknownPattern(id);

    return after;
  }
}
