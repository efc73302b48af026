import { EventStore, executeOn, Followers } from '#event-store';
import { SERVICE_NAMESPACE } from '#kernel';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Phase } from '../domain/phase.events.js';
import { phase as phaseDecider } from '../domain/phase.js';
import { phasesProjection } from '../read-model/phases.projection.js';
import { DefinePhase } from './define-phase.command.js';

@CommandHandler(DefinePhase)
export class DefinePhaseHandler implements ICommandHandler<DefinePhase> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
  ) {}

  async execute({ caller, phase }: DefinePhase): Promise<Phase> {
    const { position } = await executeOn(
      this.store,
      {
        caller: { ...caller, namespace: SERVICE_NAMESPACE },
        stream: `phase-${phase.id}`,
        result: {},
      },
      phaseDecider,
      { phase },
    );
    await this.followers.passed(position, [phasesProjection.name]);

    return phase;
  }
}
