import { describe, expect, it } from '@jest/globals';
import type { Key } from './key.js';
import { sayPattern, succeeded, wordsOf, type Sayable } from './words.js';

const sayable = (more: Partial<Sayable> = {}): Sayable => ({
  key: ['type', 'fix_bug'],
  side: 'success',
  status: 'active',
  successes: 7,
  executions: 9,
  failures: 0,
  median: null,
  ...more,
});

describe('What executions have in common', () => {
  it.each<[key: Key, words: string]>([
    [['root'], 'all tasks'],
    [['prefix', 'fix'], 'all kinds of fix'],
    [['type', 'fix_bug'], 'fix_bug'],
    [['agent', 'coder'], 'agent coder'],
    [['agent_type', 'coder', 'fix_bug'], 'fix_bug by agent coder'],
    [['type_tag', 'fix_bug', 'auth'], 'fix_bug tagged auth'],
    [['type_tool', 'fix_bug', 'git'], 'fix_bug with the tool git'],
    [['type_signature', 'fix_bug', 'Timeout'], 'fix_bug'],
    [['agent_type_signature', 'coder', 'fix_bug', 'Timeout'], 'fix_bug by agent coder'],
    [['extracted', 'success', 'log(in|out)'], 'tasks that match log(in|out)'],
    [['faster', 'type', 'fix_bug'], 'fix_bug'],
    [['faster', 'agent_type', 'coder', 'fix_bug'], 'fix_bug by agent coder'],
    [['cheaper', 'type_tool', 'fix_bug', 'git'], 'fix_bug with the tool git'],
  ])('by %j is told as %j', (key, words) => {
    expect(wordsOf(key)).toBe(words);
  });
});

describe('A pattern', () => {
  it('of success says how many succeeded', () => {
    expect(sayPattern(sayable())).toBe('7 of 9 executions of fix_bug succeeded.');
  });

  it('of failure says how many failed', () => {
    expect(sayPattern(sayable({ side: 'failure' }))).toBe('2 of 9 executions of fix_bug failed.');
  });

  it.each<[key: Key, says: string]>([
    [['type_signature', 'fix_bug', 'Timeout'], '3 of 5 failures of fix_bug showed "Timeout".'],
    [
      ['agent_type_signature', 'coder', 'fix_bug', 'Timeout'],
      '3 of 5 failures of fix_bug by agent coder showed "Timeout".',
    ],
  ])('of an error like %j says in how many failures it was seen', (key, says) => {
    const error = sayable({ key, side: 'failure', successes: 0, executions: 3, failures: 5 });

    expect(sayPattern(error)).toBe(says);
  });

  it.each<[metric: 'faster' | 'cheaper', median: number | null, says: string]>([
    ['faster', 41_234, 'succeeded faster than the median, now about 41 s.'],
    ['faster', 12.3, 'succeeded faster than the median, now about 12 ms.'],
    ['faster', 1_999, 'succeeded faster than the median, now about 2000 ms.'],
    ['faster', 119_000, 'succeeded faster than the median, now about 120 s.'],
    ['faster', 150_000, 'succeeded faster than the median, now about 2.5 min.'],
    ['faster', 700_000_000, 'succeeded faster than the median, now about 190 h.'],
    ['faster', null, 'succeeded faster than the median.'],
    ['cheaper', 0.123, 'succeeded for less than the median, now about $0.12.'],
    ['cheaper', 0.000_115, 'succeeded for less than the median, now about $0.00012.'],
    ['cheaper', 1_234, 'succeeded for less than the median, now about $1200.'],
    ['cheaper', null, 'succeeded for less than the median.'],
  ])('that is %s than a median of %d says which', (metric, median, says) => {
    const key: Key = [metric, 'type_tool', 'fix_bug', 'git'];
    const better = sayable({ key, side: 'optimization', median });

    expect(sayPattern(better)).toBe(`7 of 9 executions of fix_bug with the tool git ${says}`);
  });

  it('that is not proven says so first, and one that was retired does not', () => {
    expect(sayPattern(sayable({ status: 'candidate' }))).toBe(
      'Not proven yet: 7 of 9 executions of fix_bug succeeded.',
    );
    expect(sayPattern(sayable({ status: 'retired' }))).toBe(
      '7 of 9 executions of fix_bug succeeded.',
    );
  });

  it('is told by the same words when it is the basis of a prediction', () => {
    expect(succeeded({ successes: 0, executions: 1 }, 'this task')).toBe(
      '0 of 1 executions of this task succeeded.',
    );
  });
});
