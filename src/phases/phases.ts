import { Injectable } from '@nestjs/common';
import { noSuchPhase } from './domain/phase.errors.js';
import { PhaseReader } from './read-model/phase.reader.js';

/** Where a task may go from each phase, by phase. */
export type Transitions = ReadonlyMap<string, readonly string[]>;

/** What the rooms above may ask about phases. */
@Injectable()
export class Phases {
  constructor(private readonly reader: PhaseReader) {}

  async transitions(): Promise<Transitions> {
    const phases = await this.reader.all();

    return new Map(phases.map(({ id, allowed_transitions }) => [id, allowed_transitions]));
  }

  /** @throws DomainError `phase.unknown` naming `field` when there is no such phase. */
  async mustKnow(field: string, id: string | null): Promise<void> {
    if (id !== null && !(await this.transitions()).has(id)) throw noSuchPhase(field, id);
  }
}
