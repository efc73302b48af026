import { describe, it } from '@jest/globals';
import { given } from '../../../test/support/given.js';
import type { Phase, PhaseEvent } from './phase.events.js';
import { phase } from './phase.js';

const REVIEW: Phase = {
  id: 'PHASE_REVIEW',
  name: 'Review',
  description: null,
  sequence_order: 4,
  allowed_transitions: ['PHASE_TESTING', 'PHASE_DONE'],
  is_terminal: false,
  configuration: { reviewers: 2, tools: { linter: true, tests: false } },
};

const defined = (data: Phase): PhaseEvent => ({ type: 'phase.defined', data });

describe('A phase', () => {
  it('is defined as a whole', () => {
    given(phase).when({ phase: REVIEW }).thenEmits(defined(REVIEW));
  });

  it('is not defined again as it is, in whatever order its keys come', () => {
    const reordered = {
      ...REVIEW,
      configuration: { tools: { tests: false, linter: true }, reviewers: 2 },
    };

    given(phase, defined(REVIEW)).when({ phase: reordered }).thenNothing();
  });

  it.each<Partial<Phase>>([
    { name: 'Peer review' },
    { description: '' },
    { sequence_order: 5 },
    { allowed_transitions: ['PHASE_DONE', 'PHASE_TESTING'] },
    { is_terminal: true },
    { configuration: {} },
  ])('is defined anew with %j', (change) => {
    const changed = { ...REVIEW, ...change };

    given(phase, defined(REVIEW)).when({ phase: changed }).thenEmits(defined(changed));
  });

  it('is what it was defined as last', () => {
    const before = { ...REVIEW, name: 'Peer review' };

    given(phase, defined(before), defined(REVIEW)).when({ phase: REVIEW }).thenNothing();
    given(phase, defined(before), defined(REVIEW))
      .when({ phase: before })
      .thenEmits(defined(before));
  });
});
