import type { Decider } from '#kernel';
import { otherOutcome, unknownSuggestion } from './memory.errors.js';
import type { MemoryEvent } from './memory.events.js';

/** The stream of one suggestion. */
export const suggestionStreamOf = (id: string): `suggestion-${string}` => `suggestion-${id}`;

/** How it went for whoever was advised, in their own words. */
export interface SuggestionCommand {
  readonly do: 'record-outcome';
  readonly id: string;
  readonly at: string;
  readonly success: boolean;
  readonly comment: string | null;
}

type Suggestion =
  | { readonly status: 'unknown' }
  | { readonly status: 'open' }
  | {
      readonly status: 'closed';
      readonly success: boolean;
      /** Undefined once it was erased. */
      readonly comment: string | null | undefined;
    };

export const suggestion: Decider<Suggestion, SuggestionCommand, MemoryEvent> = {
  initial: { status: 'unknown' },

  decide({ id, at, success, comment }, state) {
    if (state.status === 'unknown') throw unknownSuggestion(id);
    if (state.status === 'open') {
      return [
        {
          type: 'suggestion.outcome_recorded',
          data: { suggestion_id: id, success, at },
          text: { comment },
        },
      ];
    }
    if (state.success !== success || state.comment !== comment) throw otherOutcome(id);

    return [];
  },

  evolve(state, event) {
    switch (event.type) {
      case 'context.suggested':
        return { status: 'open' };
      case 'suggestion.outcome_recorded':
        return { status: 'closed', success: event.data.success, comment: event.text?.comment };
      default:
        return state;
    }
  },
};

/** That what people said of those suggestions went. */
export const commentsErased = (suggestions: readonly string[], at: string): MemoryEvent => ({
  type: 'suggestion.comments_erased',
  data: { suggestions: [...suggestions], at },
});
