import type { DomainEvent } from './domain-event.js';

/** The whole of a domain rule: what was, what is asked, what therefore happened. */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly initial: State;
  /** Events that follow, none when nothing changes. Throws a DomainError to refuse. */
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

export function fold<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  history: readonly Event[],
): State {
  return history.reduce((state, event) => decider.evolve(state, event), decider.initial);
}
