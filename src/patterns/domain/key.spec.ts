import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFound } from '../regex.js';
import {
  comparedWith,
  isOnlyCompared,
  keysOf,
  lineOf,
  measuredKeysOf,
  nameOf,
  parentsFirst,
  parentsOf,
  patternTypeOf,
  prefixOf,
  ROOT,
  taskTypeIn,
  taskTypeOf,
  taskTypePatternOf,
  votersOf,
  type Key,
  type Labels,
} from './key.js';
import { METRICS } from './measure.js';

const labels = (more: Partial<Labels> = {}): Labels => ({
  taskType: 'fix_bug',
  agent: 'coder',
  tags: [],
  tools: [],
  success: true,
  signature: null,
  ...more,
});

/** What means something else in a regex than itself. */
const SIGNS = ['\\', '^', '$', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '-', '/'];

const word = fc.constantFrom('a', 'b_c', '_d', 'e/f');
const anyLabels: fc.Arbitrary<Labels> = fc.record({
  taskType: word,
  agent: fc.option(word),
  tags: fc.array(word),
  tools: fc.array(word),
  success: fc.boolean(),
  signature: fc.option(word),
});

/** A key of each kind: its parents, what it is compared with, its type and the regex of its types. */
const KINDS: [key: Key, parents: Key[], others: Key, type: string | null, regex: string][] = [
  [['root'], [], ROOT, null, '.*'],
  [['prefix', 'fix'], [ROOT], ROOT, null, '^fix[_/]'],
  [['type', 'fix_bug'], [['prefix', 'fix']], ROOT, 'fix_bug', '^fix_bug$'],
  [['type', 'deploy'], [ROOT], ROOT, 'deploy', '^deploy$'],
  [['type', '_x'], [ROOT], ROOT, '_x', '^_x$'],
  [['agent', 'a_b'], [ROOT], ROOT, null, '.*'],
  [
    ['agent_type', 'coder', 'fix_bug'],
    [
      ['agent', 'coder'],
      ['type', 'fix_bug'],
    ],
    ['type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
  [
    ['type_tag', 'fix_bug', 'auth'],
    [['type', 'fix_bug']],
    ['type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
  [
    ['type_tool', 'fix_bug', 'git'],
    [['type', 'fix_bug']],
    ['type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
  [['type_signature', 'fix_bug', 'Timeout'], [ROOT], ROOT, 'fix_bug', '^fix_bug$'],
  [['agent_type_signature', 'coder', 'fix_bug', 'Timeout'], [ROOT], ROOT, 'fix_bug', '^fix_bug$'],
  [['extracted', 'success', 'log(in|out)'], [ROOT], ROOT, null, 'log(in|out)'],
  [['faster', 'type', 'fix_bug'], [], ['faster', 'type', 'fix_bug'], 'fix_bug', '^fix_bug$'],
  [
    ['faster', 'agent_type', 'coder', 'fix_bug'],
    [['faster', 'type', 'fix_bug']],
    ['faster', 'type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
  [
    ['cheaper', 'type_tag', 'fix_bug', 'auth'],
    [['cheaper', 'type', 'fix_bug']],
    ['cheaper', 'type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
  [
    ['cheaper', 'type_tool', 'fix_bug', 'git'],
    [['cheaper', 'type', 'fix_bug']],
    ['cheaper', 'type', 'fix_bug'],
    'fix_bug',
    '^fix_bug$',
  ],
];

describe('A key', () => {
  it.each(KINDS)('%j has its place among the others', (key, parents, others, type, regex) => {
    expect(parentsOf(key)).toEqual(parents);
    expect(comparedWith(key)).toEqual(others);
    expect(taskTypeOf(key)).toBe(type);
    expect(taskTypePatternOf(key)).toBe(regex);
  });

  it('counts the votes of an agent when it is about one, and else those of tasks', () => {
    const byAgent = KINDS.filter(([key]) => votersOf(key) === 'agent').map(([[kind]]) => kind);

    expect(byAgent).toEqual(['agent', 'agent_type', 'faster']);
  });

  it('makes one pattern when it is measured, none when others are only compared with it, and else one of two', () => {
    const compared = KINDS.filter(([key]) => isOnlyCompared(key)).map(([key]) => key);
    const types = (key: Key): string[] => [
      patternTypeOf(key, 'success'),
      patternTypeOf(key, 'failure'),
    ];

    expect(compared).toEqual([ROOT, ['faster', 'type', 'fix_bug']]);
    expect(types(['type_tool', 'fix_bug', 'git'])).toEqual(['success', 'failure']);
    expect(types(['faster', 'type_tool', 'fix_bug', 'git'])).toEqual([
      'optimization',
      'optimization',
    ]);
  });

  it('is named by all that it says', () => {
    const names = new Set(KINDS.map(([key]) => nameOf(key)));

    expect(names.size).toBe(KINDS.length);
    expect(nameOf(['type', 'a'])).toBe(nameOf(['type', 'a']));
    expect(nameOf(['type_tag', 'a', 'b,c'])).not.toBe(nameOf(['type_tag', 'a,b', 'c']));
  });
});

describe('An execution', () => {
  it('counts for everything it is part of, parents before children', () => {
    expect(keysOf(labels({ tags: ['ui', 'auth'], tools: ['git'] }))).toEqual([
      ['root'],
      ['prefix', 'fix'],
      ['type', 'fix_bug'],
      ['agent', 'coder'],
      ['agent_type', 'coder', 'fix_bug'],
      ['type_tag', 'fix_bug', 'auth'],
      ['type_tag', 'fix_bug', 'ui'],
      ['type_tool', 'fix_bug', 'git'],
    ]);
  });

  it('counts for no agent when none is named', () => {
    const failed = labels({ agent: null, success: false, signature: 'Timeout' });

    expect(keysOf(failed)).toEqual([
      ['root'],
      ['prefix', 'fix'],
      ['type', 'fix_bug'],
      ['type_signature', 'fix_bug', 'Timeout'],
    ]);
  });

  it('counts for the signature of its error only when it failed', () => {
    const signatures = (success: boolean, signature: string | null): Key[] =>
      keysOf(labels({ success, signature })).filter(([kind]) => kind.endsWith('signature'));

    expect(signatures(true, 'Timeout')).toEqual([]);
    expect(signatures(false, null)).toEqual([]);
    expect(signatures(false, 'Timeout')).toEqual([
      ['type_signature', 'fix_bug', 'Timeout'],
      ['agent_type_signature', 'coder', 'fix_bug', 'Timeout'],
    ]);
  });

  it('counts for eight tags and eight tools: distinct and sorted, and only then cut', () => {
    const many = 'i,h,g,f,e,d,c,b,a,a,b'.split(',');
    const keys = keysOf(labels({ tags: many, tools: many }));
    const counted = (kind: string): string =>
      keys.flatMap((key) => (key[0] === kind ? [key[2]] : [])).join('');

    expect(counted('type_tag')).toBe('abcdefgh');
    expect(counted('type_tool')).toBe('abcdefgh');
  });

  it('sorts its labels by UTF-16 code unit, in no language', () => {
    const tags = ['～', '😀', 'ä', 'z', 'a', 'Z'];
    const sorted = keysOf(labels({ tags })).flatMap((key) => (key[0] === 'type_tag' ? key[2] : []));

    expect(sorted).toEqual(['Z', 'a', 'z', 'ä', '😀', '～']);
  });

  it('counts for its type, its agent, its tags and its tools again when it is measured', () => {
    const measured = labels({ tags: ['ui'], tools: ['git'] });

    expect(measuredKeysOf(measured, ['cheaper'])).toEqual([
      ['cheaper', 'type', 'fix_bug'],
      ['cheaper', 'agent_type', 'coder', 'fix_bug'],
      ['cheaper', 'type_tag', 'fix_bug', 'ui'],
      ['cheaper', 'type_tool', 'fix_bug', 'git'],
    ]);
    expect(measuredKeysOf(labels({ agent: null }), METRICS)).toEqual([
      ['faster', 'type', 'fix_bug'],
      ['cheaper', 'type', 'fix_bug'],
    ]);
    expect(measuredKeysOf(measured, [])).toEqual([]);
  });

  it('has the type that its keys say', () => {
    expect(taskTypeIn(keysOf(labels()))).toBe('fix_bug');
    expect(taskTypeIn([])).toBe('');
  });

  it('counts once for each of its keys, after those it is compared with and begins with', () => {
    fc.assert(
      fc.property(anyLabels, (of) => {
        const keys = [...keysOf(of), ...measuredKeysOf(of, METRICS)];
        const names = keys.map(nameOf);

        expect(new Set(names).size).toBe(names.length);
        keys.slice(1).forEach((key, index) => {
          const before = names.slice(0, index + 1 + Number(isOnlyCompared(key)));
          expect(before).toEqual(expect.arrayContaining(parentsOf(key).map(nameOf)));
          expect(before).toContain(nameOf(comparedWith(key)));
        });
      }),
    );
  });

  it('has its parents first again, in whatever order its keys come', () => {
    const keys = anyLabels.chain((of) => {
      const measured = measuredKeysOf(of, METRICS);
      const all: Key[] = [...keysOf(of), ...measured, ['extracted', 'success', 'a']];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });

    fc.assert(
      fc.property(keys, (shuffled) => {
        const names = parentsFirst(shuffled).map(nameOf);

        expect([...names].sort()).toEqual(shuffled.map(nameOf).sort());
        for (const key of shuffled) {
          for (const parent of parentsOf(key)) {
            expect(names.indexOf(nameOf(parent))).toBeLessThan(names.indexOf(nameOf(key)));
          }
        }
      }),
    );
  });
});

describe('A prefix', () => {
  it.each([
    ['fix_bug', 'fix'],
    ['a/b', 'a'],
    ['a/b_c', 'a'],
    ['a_b/c', 'a'],
    ['a_', 'a'],
    ['deploy', null],
    ['_x', null],
    ['/x', null],
    ['_x_y', null],
    ['', null],
  ])('of %j is %j', (taskType, prefix) => {
    expect(prefixOf(taskType)).toBe(prefix);
  });
});

describe('The regex of a task type', () => {
  it('takes no character of the type for a sign', () => {
    const regex = taskTypePatternOf(['type', 'a.b(c)']);

    expect(isFound(regex, 'a.b(c)')).toBe(true);
    expect(isFound(regex, 'axb(c)')).toBe(false);
    expect(isFound(regex, 'a.b(c) and more')).toBe(false);
  });

  it('finds its own type and no other', () => {
    const type = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const signs = fc
      .array(fc.constantFrom(...SIGNS, ' ', '\n', 'a', 'b'), { minLength: 1 })
      .map((all) => all.join(''));
    const taskType = fc.oneof(type, signs);

    fc.assert(
      fc.property(taskType, taskType, (own, other) => {
        const regex = taskTypePatternOf(['type', own]);

        expect(isFound(regex, own)).toBe(true);
        expect(isFound(regex, other)).toBe(own === other);
      }),
    );
  });

  it('finds the types with its prefix and no others', () => {
    const regex = taskTypePatternOf(['prefix', 'c++']);

    expect(['c++_x', 'c++/x'].every((type) => isFound(regex, type))).toBe(true);
    expect(['ccc_x', 'c++', 'c++-x', 'x_c++_x'].some((type) => isFound(regex, type))).toBe(false);
  });
});

describe('The line that regexes are searched in', () => {
  it.each([
    ['fix_bug', 'Mend the login', 'fix_bug Mend the login'],
    ['fix_bug', null, 'fix_bug'],
    ['fix_bug', '', 'fix_bug'],
    ['fix_bug', '  Mend\n\tthe \u00a0 Login\n', 'fix_bug Mend the Login'],
    [' a  b ', ' \n ', 'a b'],
  ])('of %j and %j is %j', (taskType, description, line) => {
    expect(lineOf(taskType, description)).toBe(line);
  });
});
