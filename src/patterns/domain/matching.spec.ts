import { describe, expect, it } from '@jest/globals';
import { isFound } from '../regex.js';
import type { Key } from './key.js';
import { matches } from './matching.js';

const matching = { taskType: 'fix_bug', line: 'fix_bug Mend the login' };

describe('A task', () => {
  it.each<[key: Key]>([
    [['root']],
    [['prefix', 'fix']],
    [['type', 'fix_bug']],
    [['agent', 'whoever']],
    [['agent_type', 'whoever', 'fix_bug']],
    [['type_tag', 'fix_bug', 'whatever']],
    [['type_tool', 'fix_bug', 'whatever']],
    [['type_signature', 'fix_bug', 'Timeout']],
    [['agent_type_signature', 'whoever', 'fix_bug', 'Timeout']],
    [['extracted', 'failure', 'log(in|out)$']],
  ])('is matched by %j', (key) => {
    expect(matches(key, matching, isFound)).toBe(true);
  });

  it.each<[key: Key]>([
    [['prefix', 'fi']],
    [['prefix', 'fix_bug']],
    [['type', 'fix']],
    [['type', 'fix_bugs']],
    [['type', 'f.x_bug']],
    [['agent_type', 'fix_bug', 'deploy']],
    [['type_tag', 'deploy', 'fix_bug']],
    [['type_tool', 'deploy', 'fix_bug']],
    [['type_signature', 'deploy', 'fix_bug']],
    [['agent_type_signature', 'fix_bug', 'deploy', 'fix_bug']],
    [['extracted', 'failure', '^login']],
  ])('is not matched by %j', (key) => {
    expect(matches(key, matching, isFound)).toBe(false);
  });

  it('without a prefix is matched by none', () => {
    expect(matches(['prefix', ''], { taskType: '_x', line: '_x' }, isFound)).toBe(false);
  });
});
