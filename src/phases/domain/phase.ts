import { canonicalJson, type Decider } from '#kernel';
import type { Phase, PhaseEvent } from './phase.events.js';

/** Define this phase so, whatever it was before. */
export interface DefineThis {
  readonly phase: Phase;
}

export const phase: Decider<Phase | null, DefineThis, PhaseEvent> = {
  initial: null,

  decide(command, state) {
    if (state && canonicalJson(state) === canonicalJson(command.phase)) return [];

    return [{ type: 'phase.defined', data: command.phase }];
  },

  evolve: (_state, event) => event.data,
};
