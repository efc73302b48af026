import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { noSuchPhase, unknownPhase } from '../domain/phase.errors.js';
import type { Phase } from '../domain/phase.events.js';
import { PhaseReader } from '../read-model/phase.reader.js';
import { CanTransition, GetPhase, GetPhases } from './get-phases.query.js';

@QueryHandler(GetPhases)
export class GetPhasesHandler implements IQueryHandler<GetPhases> {
  constructor(private readonly phases: PhaseReader) {}

  async execute(): Promise<{ items: Phase[]; next_cursor: null }> {
    return { items: await this.phases.all(), next_cursor: null };
  }
}

@QueryHandler(GetPhase)
export class GetPhaseHandler implements IQueryHandler<GetPhase> {
  constructor(private readonly phases: PhaseReader) {}

  async execute({ id }: GetPhase): Promise<Phase> {
    const found = (await this.phases.all()).find((phase) => phase.id === id);
    if (!found) throw unknownPhase(id);

    return found;
  }
}

@QueryHandler(CanTransition)
export class CanTransitionHandler implements IQueryHandler<CanTransition> {
  constructor(private readonly phases: PhaseReader) {}

  async execute({ from, to }: CanTransition): Promise<{ allowed: boolean }> {
    const phases = await this.phases.all();
    const start = phases.find(({ id }) => id === from);
    if (!start) throw unknownPhase(from);
    if (!phases.some(({ id }) => id === to)) throw noSuchPhase('to', to);

    return { allowed: start.allowed_transitions.includes(to) };
  }
}
