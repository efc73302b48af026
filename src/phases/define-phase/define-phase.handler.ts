import { EventStore, executeOn, Followers } from '#event-store';
import { SERVICE_NAMESPACE } from '#kernel';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { noSuchPhase } from '../domain/phase.errors.js';
import type { Phase } from '../domain/phase.events.js';
import { phase as phaseDecider } from '../domain/phase.js';
import { Phases } from '../phases.js';
import { phasesProjection } from '../read-model/phases.projection.js';
import { DefinePhase } from './define-phase.command.js';

@CommandHandler(DefinePhase)
export class DefinePhaseHandler implements ICommandHandler<DefinePhase> {
  constructor(
    private readonly store: EventStore,
    private readonly followers: Followers,
    private readonly phases: Phases,
  ) {}

  async execute({ caller, phase }: DefinePhase): Promise<Phase> {
    const known = await this.phases.transitions();
    const unknown = phase.allowed_transitions.find((id) => id !== phase.id && !known.has(id));
    if (unknown !== undefined) throw noSuchPhase('allowed_transitions', unknown);
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
