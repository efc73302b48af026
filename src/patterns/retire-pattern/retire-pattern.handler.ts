import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { patternIdOf } from '../domain/pattern-id.js';
import { SampleReader } from '../read-model/sample.reader.js';
import { PatternDecisions } from './pattern-decisions.js';
import { RestorePattern, RetireExtracted, RetirePattern } from './retire-pattern.command.js';
import type { RetirePatternResponse } from './retire-pattern.request.js';

@CommandHandler(RetirePattern)
export class RetirePatternHandler implements ICommandHandler<RetirePattern> {
  constructor(private readonly decisions: PatternDecisions) {}

  async execute({ caller, id, reason }: RetirePattern): Promise<Answer<RetirePatternResponse>> {
    const repeated = await this.decisions.take(caller, id, { do: 'retire', reason });

    return { body: { pattern_id: id, status: 'retired' }, repeated };
  }
}

@CommandHandler(RestorePattern)
export class RestorePatternHandler implements ICommandHandler<RestorePattern> {
  constructor(private readonly decisions: PatternDecisions) {}

  async execute({ caller, id, reason }: RestorePattern): Promise<Answer<RetirePatternResponse>> {
    const repeated = await this.decisions.take(caller, id, { do: 'restore', reason });

    return { body: { pattern_id: id, status: 'restored' }, repeated };
  }
}

@CommandHandler(RetireExtracted)
export class RetireExtractedHandler implements ICommandHandler<RetireExtracted> {
  constructor(
    private readonly samples: SampleReader,
    private readonly decisions: PatternDecisions,
  ) {}

  async execute({ caller }: RetireExtracted): Promise<void> {
    const { extracted } = await this.samples.standing(caller.namespace);
    for (const key of extracted) {
      const id = patternIdOf(caller.namespace, key[1], key);
      await this.decisions.take(caller, id, { do: 'retire', reason: null });
    }
  }
}
