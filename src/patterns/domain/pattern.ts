import type { Decider } from '#kernel';
import type { Side } from './key.js';
import { patternRetired } from './pattern.errors.js';
import type { PatternEvent } from './pattern.events.js';

/** What a person wants of one pattern. That it is there is known before. */
export type PatternCommand = { readonly id: string; readonly at: string } & (
  | {
      readonly do: 'extract';
      readonly side: Side;
      readonly regex: string;
      readonly minSamples: number;
    }
  | {
      readonly do: 'give-feedback';
      readonly helpful: boolean;
      readonly adjustment: number | null;
      readonly comment: string | null;
    }
  | { readonly do: 'retire'; readonly reason: string | null }
  | { readonly do: 'restore'; readonly reason: string | null }
);

/** What people decided so far. */
export interface Decided {
  readonly isExtracted: boolean;
  readonly isRetired: boolean;
}

export const pattern: Decider<Decided, PatternCommand, PatternEvent> = {
  initial: { isExtracted: false, isRetired: false },

  decide(command, state) {
    switch (command.do) {
      case 'extract':
        return state.isExtracted ? [] : [extracted(command)];
      case 'give-feedback':
        return [feedbackGiven(command, state)];
      case 'retire':
        return state.isRetired ? [] : [retired(command)];
      case 'restore':
        return state.isRetired ? [restored(command)] : [];
    }
  },

  evolve(state, { type }) {
    switch (type) {
      case 'pattern.extracted':
        return { ...state, isExtracted: true };
      case 'pattern.retired':
        return { ...state, isRetired: true };
      case 'pattern.restored':
        return { ...state, isRetired: false };
      case 'pattern.feedback_given':
        return state;
    }
  },
};

type Asking<Verb extends PatternCommand['do']> = Extract<PatternCommand, { do: Verb }>;

const extracted = ({ id, at, side, regex, minSamples }: Asking<'extract'>): PatternEvent => ({
  type: 'pattern.extracted',
  data: {
    pattern_id: id,
    at,
    pattern_type: side,
    task_type_pattern: regex,
    min_samples: minSamples,
  },
});

function feedbackGiven(command: Asking<'give-feedback'>, { isRetired }: Decided): PatternEvent {
  const { id, at, helpful, adjustment, comment } = command;
  if (isRetired) throw patternRetired(id);

  return {
    type: 'pattern.feedback_given',
    data: { pattern_id: id, at, helpful, confidence_adjustment: adjustment },
    text: { comment },
  };
}

const retired = ({ id, at, reason }: Asking<'retire'>): PatternEvent => ({
  type: 'pattern.retired',
  data: { pattern_id: id, at },
  text: { reason },
});

const restored = ({ id, at, reason }: Asking<'restore'>): PatternEvent => ({
  type: 'pattern.restored',
  data: { pattern_id: id, at },
  text: { reason },
});
