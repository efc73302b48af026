import { describe, it } from '@jest/globals';
import { given } from '../../../test/support/given.js';
import type { MemoryEvent } from './memory.events.js';
import { suggestion, type SuggestionCommand } from './suggestion.js';

const AT = '2026-01-31T12:00:00.000Z';

const suggested: MemoryEvent = {
  type: 'context.suggested',
  data: {
    suggestion_id: 's-1',
    task_id: 't-1',
    task_type: 'fix_bug',
    items: [],
    patterns: [],
    threshold: 0.5,
    top_k: 3,
    learner_version: 1,
    abstained: true,
    reason: 'No other task is remembered yet.',
    model_key: 'none',
    at: AT,
  },
};

const ended = (success: boolean, comment: string | null = null): SuggestionCommand => ({
  do: 'record-outcome',
  id: 's-1',
  at: AT,
  success,
  comment,
});

const recorded = (success: boolean, comment: string | null = null): MemoryEvent => ({
  type: 'suggestion.outcome_recorded',
  data: { suggestion_id: 's-1', success, at: AT },
  text: { comment },
});

describe('The outcome of a suggestion', () => {
  it('is recorded once, with what is said of it apart', () => {
    given(suggestion, suggested)
      .when(ended(true, 'It helped'))
      .thenEmits(recorded(true, 'It helped'));
  });

  it('is recorded when nothing was advised, too', () => {
    given(suggestion, suggested).when(ended(false)).thenEmits(recorded(false));
  });

  it('is refused for a suggestion that never was', () => {
    given(suggestion).when(ended(true)).thenRefused('suggestion.unknown');
  });

  it('is nothing new when it is said again', () => {
    given(suggestion, suggested, recorded(true, 'So')).when(ended(true, 'So')).thenNothing();
  });

  it('cannot be another one later, nor be told in other words', () => {
    const once = given(suggestion, suggested, recorded(true, 'So'));

    once.when(ended(false, 'So')).thenRefused('suggestion.outcome_recorded');
    once.when(ended(true, 'Otherwise')).thenRefused('suggestion.outcome_recorded');
  });

  it('does not get its words back once they are erased', () => {
    const { type, data } = recorded(true, 'So');
    const wordless = { type, data } as MemoryEvent;

    given(suggestion, suggested, wordless)
      .when(ended(true, 'So'))
      .thenRefused('suggestion.outcome_recorded');
  });
});
