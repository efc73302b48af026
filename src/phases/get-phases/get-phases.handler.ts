import { label } from '#kernel';
import { decodeCursor, pageFrom, type Page } from '#rest';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { noSuchPhase, unknownPhase } from '../domain/phase.errors.js';
import type { Phase } from '../domain/phase.events.js';
import { PhaseReader } from '../read-model/phase.reader.js';
import { CanTransition, GetPhase, GetPhases } from './get-phases.query.js';

const phaseKey = z.tuple([z.number(), label()]);
type PhaseKey = z.output<typeof phaseKey>;

const keyOf = ({ sequence_order, id }: Phase): PhaseKey => [sequence_order, id];
const isAfter =
  ([order, id]: PhaseKey) =>
  (phase: Phase): boolean =>
    phase.sequence_order > order || (phase.sequence_order === order && phase.id > id);

@QueryHandler(GetPhases)
export class GetPhasesHandler implements IQueryHandler<GetPhases> {
  constructor(private readonly phases: PhaseReader) {}

  async execute({ asked }: GetPhases): Promise<Page<Phase>> {
    const after = decodeCursor(asked.cursor, phaseKey);
    const phases = await this.phases.all();
    const start = after ? phases.findIndex(isAfter(after)) : 0;

    return pageFrom(start < 0 ? [] : phases.slice(start), asked.limit, keyOf);
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
