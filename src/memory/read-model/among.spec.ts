import { describe, expect, it } from '@jest/globals';
import { exactVectors, isWhole, type Among } from './among.js';
import { memoryFilter } from './memory-filter.js';

const ALL: Among = { filter: memoryFilter.parse({}), successOnly: false, exceptTask: null };

describe('Looking at all vectors instead of asking an index', () => {
  it.each([
    [0, 5_000],
    [5_000, 5_000],
    [10_000, 7_000],
    [100_000, 22_136],
    [1_000_000, 70_000],
  ])('is for up to that many of %d: %d', (total, most) => {
    expect(exactVectors(total)).toBe(most);
  });
});

describe('A whole namespace', () => {
  it('is what is looked at without a filter', () => {
    expect(isWhole(ALL)).toBe(true);
  });

  it.each([
    ['task_type', 'fix_bug'],
    ['agent_id', 'agent'],
    ['phase_id', 'build'],
    ['tags', ['a']],
    ['tools', ['b']],
    ['occurred_from', '2026-01-01T00:00:00Z'],
    ['occurred_to', '2026-01-01T00:00:00Z'],
  ])('is not looked at with the filter %s', (name, value) => {
    expect(isWhole({ ...ALL, filter: memoryFilter.parse({ [name]: value }) })).toBe(false);
  });

  it('is not looked at for successes alone, nor but for one task', () => {
    expect(isWhole({ ...ALL, successOnly: true })).toBe(false);
    expect(isWhole({ ...ALL, exceptTask: 'task-1' })).toBe(false);
  });
});
