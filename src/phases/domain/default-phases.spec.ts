import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PHASES } from './default-phases.js';
import { phaseEvents } from './phase.events.js';

const ids = DEFAULT_PHASES.map(({ id }) => id);

describe('The default phases', () => {
  it('are these eight, with these ways from one to another', () => {
    const table = DEFAULT_PHASES.map(({ id, allowed_transitions, is_terminal }) => [
      id,
      allowed_transitions.map((to) => to.replace('PHASE_', '')).join(' '),
      is_terminal,
    ]);

    expect(table).toEqual([
      ['PHASE_BACKLOG', 'REQUIREMENTS BLOCKED', false],
      ['PHASE_REQUIREMENTS', 'DESIGN BLOCKED', false],
      ['PHASE_DESIGN', 'IMPLEMENTATION BLOCKED', false],
      ['PHASE_IMPLEMENTATION', 'TESTING BLOCKED', false],
      ['PHASE_TESTING', 'DEPLOYMENT IMPLEMENTATION BLOCKED', false],
      ['PHASE_DEPLOYMENT', 'DONE BLOCKED', false],
      ['PHASE_DONE', '', true],
      ['PHASE_BLOCKED', 'BACKLOG REQUIREMENTS DESIGN IMPLEMENTATION TESTING DEPLOYMENT', true],
    ]);
  });

  it('stand in the order of their numbers', () => {
    expect(DEFAULT_PHASES.map(({ sequence_order }) => sequence_order)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('lead only to each other, and never to themselves', () => {
    for (const { id, allowed_transitions } of DEFAULT_PHASES) {
      expect(ids).toEqual(expect.arrayContaining(allowed_transitions));
      expect(allowed_transitions).not.toContain(id);
    }
  });

  it('can all be reached from the backlog', () => {
    const reached = new Set(['PHASE_BACKLOG']);
    for (const id of reached) {
      const found = DEFAULT_PHASES.find((phase) => phase.id === id);
      for (const to of found?.allowed_transitions ?? []) reached.add(to);
    }

    expect([...reached].sort()).toEqual([...ids].sort());
  });

  it('are events of the declared shape, with names and sentences', () => {
    for (const phase of DEFAULT_PHASES) {
      expect(phaseEvents['phase.defined'].data.safeParse(phase).error).toBeUndefined();
      expect(phase.name).not.toBe('');
      expect(phase.description).toMatch(/^[A-Z].*[a-z]$/);
    }
  });
});
