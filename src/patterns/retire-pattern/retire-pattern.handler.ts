import type { Answer } from '#rest';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PatternDecisions } from './pattern-decisions.js';
import { RestorePattern, RetirePattern } from './retire-pattern.command.js';
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
