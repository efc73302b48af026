import type { Phase } from './phase.events.js';

const define = (
  sequence_order: number,
  id: string,
  says: readonly [name: string, description: string],
  to: readonly string[],
  is_terminal = false,
): Phase => ({
  id: `PHASE_${id}`,
  name: says[0],
  description: says[1],
  sequence_order,
  allowed_transitions: to.map((name) => `PHASE_${name}`),
  is_terminal,
  configuration: {},
});

/** The eight phases that are there from the first start. */
export const DEFAULT_PHASES: readonly Phase[] = [
  define(
    0,
    'BACKLOG',
    ['Backlog', 'Initial triage and prioritization'],
    ['REQUIREMENTS', 'BLOCKED'],
  ),
  define(
    1,
    'REQUIREMENTS',
    ['Requirements Analysis', 'Gather and analyze requirements'],
    ['DESIGN', 'BLOCKED'],
  ),
  define(
    2,
    'DESIGN',
    ['Design', 'Technical design and architecture'],
    ['IMPLEMENTATION', 'BLOCKED'],
  ),
  define(3, 'IMPLEMENTATION', ['Implementation', 'Develop and implement'], ['TESTING', 'BLOCKED']),
  define(
    4,
    'TESTING',
    ['Testing', 'Test and validate'],
    ['DEPLOYMENT', 'IMPLEMENTATION', 'BLOCKED'],
  ),
  define(5, 'DEPLOYMENT', ['Deployment', 'Deploy to production'], ['DONE', 'BLOCKED']),
  define(6, 'DONE', ['Done', 'Completed'], [], true),
  define(
    7,
    'BLOCKED',
    ['Blocked', 'Blocked by something outside'],
    ['BACKLOG', 'REQUIREMENTS', 'DESIGN', 'IMPLEMENTATION', 'TESTING', 'DEPLOYMENT'],
    true,
  ),
];
