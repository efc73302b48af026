import { describe, expect, it } from '@jest/globals';
import { type NewExecution, type Pattern } from '../api.js';
import { judged } from './patterns.js';

const says = (
  pattern_type: Pattern['pattern_type'],
  definition: readonly string[],
  confidence_score: number,
  failures = 3,
): Pattern => ({
  pattern_type,
  definition,
  confidence_score,
  evidence: { successes: 0, failures },
});
const ran = (agent_id: string | null, type: string, success = true): NewExecution => ({
  task_id: 't',
  agent_id,
  success,
  execution_summary: 'done',
  task: { type },
});

describe('What patterns claim of agents and types', () => {
  it('is a success rate on either side, weighed by how often it came again', () => {
    const { metrics, slices } = judged(
      [
        says('success', ['agent_type', 'ann', 'fix_bug'], 0.75),
        says('failure', ['agent_type', 'bob', 'fix_bug'], 0.9),
      ],
      [
        ran('ann', 'fix_bug', true),
        ran('ann', 'fix_bug', false),
        ran('ann', 'fix_bug', false),
        ran('bob', 'fix_bug', false),
        ran('ann', 'fix_bug', true),
      ],
    );

    expect(metrics.gap).toBeCloseTo((4 * 0.25 + 0.1) / 5, 12);
    expect(metrics).toMatchObject({ keys_compared: 2, executions_compared: 5 });
    expect(slices['ann, fix_bug']).toEqual({ before: 3, after: 4, claimed: 0.75, happened: 0.5 });
    expect(slices['bob, fix_bug']?.claimed).toBeCloseTo(0.1, 12);
  });

  it.each([
    ['rests on two executions', says('success', ['agent_type', 'ann', 'fix_bug'], 0.75, 2)],
    ['is about nobody in particular', says('success', ['type', 'fix_bug'], 0.75)],
    ['never came again', says('success', ['agent_type', 'ann', 'fix_typo'], 0.75)],
  ])('is held against nothing when it %s', (_, pattern) => {
    const { metrics } = judged([pattern], [ran('ann', 'fix_bug')]);

    expect(metrics.gap).toBeNaN();
    expect(metrics.keys_compared).toBe(0);
  });
});

describe('What patterns cover', () => {
  const later = [ran('ann', 'fix_bug'), ran('bob', 'fix_typo'), ran(null, 'solve')];

  it.each([
    ['a type', ['type', 'fix_bug'], 1 / 3],
    ['a prefix', ['prefix', 'fix'], 2 / 3],
    ['an agent', ['agent', 'bob'], 1 / 3],
    ['an agent at a type', ['agent_type', 'ann', 'fix_bug'], 1 / 3],
    ['an agent at another type', ['agent_type', 'ann', 'fix_typo'], 0],
    ['a tag, which is known only afterwards', ['type_tag', 'fix_bug', 'sql'], 0],
  ])('is a share of the executions: by %s', (_, definition, expected) => {
    expect(judged([says('success', definition, 0.5)], later).metrics.coverage).toBe(expected);
  });
});
